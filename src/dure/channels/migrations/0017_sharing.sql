-- Sharing with other organisations: requests before an invitation is sent, the host handed over, what is kept at an end.
alter table channels.invite drop constraint invite_state_check;
alter table channels.invite add constraint invite_state_check check (state in
    ('requested', 'denied', 'sent', 'accepted', 'connected', 'declined', 'revoked', 'expired'));
alter table channels.invite add column reviewed_by text not null default '';  -- who let a request go, or did not
alter table channels.invite add column reviewed_at timestamptz;
create index invite_due on channels.invite (expires_at) where state in ('requested', 'sent', 'accepted');

-- The side that was asked to be the home, by whom and when; and the homes that there were before.
alter table channels.conversation add column transfer_to text not null default '';
alter table channels.conversation add column transfer_by text not null default '';
alter table channels.conversation add column transfer_at timestamptz;
alter table channels.conversation add column former_homes text[] not null default '{}';
-- Of the archived copy that a side kept when it was disconnected: the channel that it is a copy of.
alter table channels.conversation add column copy_of text;
create unique index conversation_copy on channels.conversation (workspace, copy_of) where copy_of is not null;

alter table channels.share add column since timestamptz;  -- when it was connected, the last time

-- Who was in a conversation with somebody until a side was disconnected: their names and pictures stay known there.
create table channels.once_met (
    channel text not null references channels.conversation on delete cascade,
    account text not null,
    workspace text not null,  -- the person's own
    primary key (channel, account)
);
create index once_met_account on channels.once_met (account);

-- Conversations whose messages are still to be indexed, and how far that has come.
create table channels.index_due (
    channel text primary key references channels.conversation on delete cascade,
    ts bigint not null default 0
);
