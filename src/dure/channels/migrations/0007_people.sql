-- Employees in channels: what they say of themselves, groups, quiet hours, reminders, notices; invitations to share.

-- What employees say of themselves beside what governance knows of them.
create table channels.profile (
    account text primary key,
    workspace text not null,
    phone text not null default '',
    pronouns text not null default '',
    status_text text not null default '',
    status_emoji text not null default '',
    status_until timestamptz,  -- null: until it is changed
    timezone text not null default '',
    fields jsonb not null default '{}',
    away boolean not null default false,  -- said so by hand
    photo_id text unique,
    photo bytea,
    photo_small bytea,
    changed_at timestamptz not null
);
create index profile_status on channels.profile (status_until) where status_until is not null;

-- Who uses the product just now; written once a minute a person and worth nothing after a crash.
create unlogged table channels.presence (
    account text primary key,
    workspace text not null,
    seen_at timestamptz not null,
    typed_at timestamptz not null default '-infinity',
    active boolean not null default true
);
create index presence_active on channels.presence (seen_at) where active;

-- Named groups of people; `deleted_at` is of those that were disabled.
create table channels.user_group (
    id text primary key,
    workspace text not null,
    name text not null,
    handle text not null,
    description text not null default '',
    channels text[] not null default '{}',
    created_by text not null,
    created_at timestamptz not null,
    updated_by text not null,
    updated_at timestamptz not null,
    deleted_by text not null default '',
    deleted_at timestamptz
);
create unique index user_group_name on channels.user_group (workspace, lower(name));
create unique index user_group_handle on channels.user_group (workspace, lower(handle));

create table channels.user_group_member (
    user_group text not null references channels.user_group on delete cascade,
    account text not null,
    workspace text not null,
    primary key (user_group, account)
);

-- When somebody wants to be left alone: outside the hours on these days (1 Monday), and while they snooze.
create table channels.quiet (
    account text primary key,
    workspace text not null,
    enabled boolean not null default false,
    days integer[] not null default '{1,2,3,4,5}',
    from_minute integer not null default 540 check (from_minute between 0 and 1439),
    until_minute integer not null default 1080 check (until_minute between 0 and 1440),
    snooze_until timestamptz,
    ended_until timestamptz  -- do-not-disturb that was ended by hand does not come back before this
);

create table channels.reminder (
    id text primary key,
    workspace text not null,
    org text not null,
    creator text not null,
    account text not null,
    text text not null,
    due_at timestamptz not null,
    created_at timestamptz not null,
    told_at timestamptz,
    completed_at timestamptz
);
create index reminder_due on channels.reminder (due_at) where told_at is null and completed_at is null;
create index reminder_account on channels.reminder (account, due_at);

-- What a person wants to hear of. No row means the defaults.
create table channels.notice_person (
    account text primary key,
    workspace text not null,
    level text not null default 'mentions' check (level in ('all', 'mentions', 'nothing')),
    keywords text[] not null default '{}',
    push boolean not null default true,
    mail boolean not null default true,
    mail_minutes integer not null default 30 check (mail_minutes between 5 and 1440),
    mailed_at timestamptz
);

create table channels.notice_channel (
    account text not null,
    channel text not null references channels.conversation on delete cascade,
    workspace text not null,
    level text check (level in ('all', 'mentions', 'nothing')),  -- null: as the person has it
    muted boolean not null default false,
    everybody boolean not null default true,  -- whether @here and @channel concern them
    primary key (account, channel)
);
create index notice_channel_channel on channels.notice_channel (channel);

-- One thing that concerned one person. `push` and `mail` say what became of it on each way.
create table channels.notice (
    account text not null,
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    workspace text not null,
    org text not null,
    thread bigint,
    author text not null,
    why text not null,
    made_at timestamptz not null,
    seen_at timestamptz,
    push text not null check (push in ('due', 'sent', 'none', 'failed')),
    mail text not null check (mail in ('due', 'sent', 'none', 'failed')),
    primary key (account, channel, ts)
);
create index notice_account on channels.notice (account, made_at);
create index notice_push on channels.notice (made_at) where push = 'due';
create index notice_mail on channels.notice (made_at) where mail = 'due';

-- A browser that wants to be told when nobody looks at it.
create table channels.push_device (
    id uuid primary key,
    workspace text not null,
    account text not null,
    endpoint text not null unique,
    p256dh bytea not null,
    auth bytea not null,
    label text not null default '',
    added_at timestamptz not null,
    used_at timestamptz
);
create index push_device_account on channels.push_device (account);

-- An invitation to share a channel. It asks for an approval of each side after somebody has accepted it.
create table channels.invite (
    id text primary key,
    channel text not null references channels.conversation on delete cascade,
    workspace text not null,  -- the channel's home
    org text not null,
    inviter text not null,
    to_account text not null default '',
    to_email text not null default '',
    targets text[] not null,  -- the workspaces any one of which may accept
    limited boolean not null,
    state text not null check (state in ('sent', 'accepted', 'connected', 'declined', 'revoked', 'expired')),
    accepted_workspace text,
    accepted_org text,
    accepted_by text,
    accepted_at timestamptz,
    name text not null default '',
    private boolean not null default false,
    home_approved_at timestamptz,
    away_approved_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    expires_at timestamptz not null
);
create index invite_channel on channels.invite (channel, state);
create index invite_workspace on channels.invite (workspace, id);
create index invite_targets on channels.invite using gin (targets);

-- Whether the other side may only write, not bring its people in.
alter table channels.share add column limited boolean not null default false;

-- A direct conversation that a member has closed is hidden until something newer than this is said.
alter table channels.membership add column closed bigint not null default 0;

-- What was offered before there were invitations.
insert into channels.invite (id, channel, workspace, org, inviter, targets, limited, state, home_approved_at,
                             created_at, changed_at, expires_at)
select 'I0' || upper(substr(md5(s.channel || s.workspace), 1, 9)), s.channel, h.workspace, h.org, s.invited_by,
       array[s.workspace], false, 'sent', s.changed_at, s.changed_at, s.changed_at, s.changed_at + interval '14 days'
from channels.share s join channels.share h on h.channel = s.channel and h.home where s.state = 'invited';
