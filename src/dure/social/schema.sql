-- What people say outside, how it was read, who looks after it, and when it was more than usual.
create schema social;

create table social.mention (
    workspace text not null,
    org text not null,
    id uuid not null,
    network text not null,
    external text not null,
    author text not null,
    handle text not null,
    voice text not null,  -- who counts as one person: handle, else author, else the post itself
    text text not null,
    url text not null,
    reach bigint not null,
    posted_at timestamptz not null,
    arrived_at timestamptz not null,
    language text not null,
    intent text not null,
    topic text not null,
    sentiment smallint not null,
    confidence real not null,
    original uuid not null,  -- the mention this is a near copy of; its own id when it is none
    copies int not null default 0,
    state text not null check (state in ('new', 'routed', 'done')),
    function text not null default '',
    channel text not null default '',
    corrected_by text not null default '',
    version int not null default 1,
    source uuid,  -- what brought it; null where somebody called
    kind text not null default 'post',
    title text not null default '',
    parent text not null default '',  -- the network's id of what it answers
    thread text not null default '',  -- the network's id of what began the talk
    rating smallint,
    email text not null default '',
    direct boolean not null default false,  -- written to the company alone
    feeling real not null default 0,
    spam real not null default 0,
    entities text[] not null default '{}',
    themes text[] not null default '{}',
    edited_at timestamptz,
    deleted_at timestamptz,
    person uuid,
    account text not null default '',
    spam_why text[] not null default '{}',
    own boolean not null default false,  -- the company wrote it
    primary key (workspace, id),
    unique (workspace, network, external)
);

create index on social.mention (workspace, posted_at desc, id desc);
create index on social.mention (workspace, topic, posted_at);
create index on social.mention (workspace, original);
create index on social.mention (posted_at);
create index on social.mention (workspace, network, thread) where thread <> '';
create index on social.mention (workspace, person) where person is not null;

-- What near copies are looked for among: the originals that came lately, a row an arrival.
create table social.recent (
    workspace text not null,
    number bigint not null,  -- one after the other, while a workspace's arrivals are locked
    at timestamptz not null,
    passed bigint not null,  -- originals up to and with these
    originals bytea not null,  -- ids, times and signatures, 96 bytes each (`recent.py`)
    primary key (workspace, number)
);
alter table social.recent alter column originals set storage external;

create table social.spike (
    workspace text not null,
    org text not null,
    id uuid not null,
    topic text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    seen int not null,
    expected double precision not null,
    upper double precision not null,
    peak int not null,
    examples jsonb not null,
    query uuid,
    name text not null default '',
    feeling text not null default '',  -- negative: more bad words than usual
    why jsonb not null default '{}',
    primary key (workspace, id)
);

-- One spike of a topic or a query and a feeling at a time.
create unique index spike_on on social.spike (workspace, topic, coalesce(query, '00000000-0000-0000-0000-000000000000'), feeling) where ended_at is null;
create index on social.spike (workspace, started_at desc);

create table social.rule (
    workspace text not null,
    position int not null,
    conditions jsonb not null,
    function text not null,
    channel text not null,
    words text[] not null default '{}',
    also text[] not null default '{}',
    primary key (workspace, position)
);

-- Where mentions come from.
create table social.source (
    workspace text not null,
    org text not null,
    id uuid not null,
    connector text not null,
    name text not null,
    settings jsonb not null,
    sealed bytea,  -- its secrets, under a key that is not in the database
    quota jsonb not null default '{}',  -- what it said of used units
    every int not null,  -- seconds between two pulls
    state text not null check (state in ('on', 'paused')),
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, name)
);

create unique index on social.source (id);

create table social.way_in (
    workspace text not null,
    source uuid not null,
    kind text not null check (kind in ('pull', 'stream', 'history', 'hear', 'upload')),
    cursor jsonb not null default '{}',
    since timestamptz not null,
    started_at timestamptz not null,
    due_at timestamptz,  -- null: nobody asks (it was called, or has ended)
    lease uuid,  -- whose turn it is; a process that lost it commits nothing
    leased_until timestamptz,
    ok_at timestamptz,
    heard_at timestamptz,  -- when it last brought something new
    failures int not null default 0,
    trouble jsonb,
    skipped int not null default 0,  -- what was no mention: without text or id
    brought bigint not null default 0,
    done bigint not null default 0,
    total bigint not null default 0,
    ended_at timestamptz,
    primary key (workspace, source, kind),
    foreign key (workspace, source) references social.source (workspace, id) on delete cascade
);

create index on social.way_in (due_at) where due_at is not null;

create table social.payload (
    workspace text not null,
    source uuid not null,
    id uuid not null,
    at timestamptz not null,
    place text not null,
    ids text[] not null,  -- the mentions that were read from it
    body text not null,
    primary key (workspace, id)
);

create index on social.payload (workspace, source, at desc, id desc);
create index on social.payload (at);
create index on social.payload using gin (ids);

create table social.saying (
    workspace text not null,
    org text not null,
    key text not null,
    source uuid not null,
    mention uuid,  -- what it answers; null for a post
    said jsonb not null,
    state text not null check (state in ('claimed', 'said', 'refused', 'unknown')),
    outcome jsonb not null default '{}',
    said_by text not null,
    claimed_at timestamptz not null,
    ended_at timestamptz,
    primary key (workspace, key)
);

create index on social.saying (workspace, mention) where mention is not null;
-- What people teach the reader: corrections, the names they listen for, and the layers learned.
create table social.correction (
    workspace text not null,
    org text not null,
    mention uuid not null,
    audit boolean not null,  -- judged because chance picked it; such are not learned from
    by text not null,
    at timestamptz not null,
    was jsonb not null,  -- what the reader had said, by head
    says jsonb not null,  -- what the person said
    primary key (workspace, mention),
    foreign key (workspace, mention) references social.mention (workspace, id) on delete cascade
);

create index on social.correction (workspace, at desc);

create table social.name (
    workspace text not null,
    org text not null,
    id uuid not null,
    kind text not null check (kind in ('brand', 'product', 'person', 'competitor')),
    name text not null,
    aliases text[] not null,
    primary key (workspace, id)
);

create unique index on social.name (workspace, kind, lower(name));

create table social.layer (
    workspace text not null,
    org text not null,
    version int not null,
    state text not null check (state in ('waiting', 'training', 'ready', 'failed')),
    progress real not null default 0,
    by text not null,
    asked_at timestamptz not null,
    held_until timestamptz,  -- whose trainer died is failed
    made_at timestamptz,
    corrections int not null default 0,
    weights bytea,
    figures jsonb not null default '{}',
    primary key (workspace, version)
);

create index on social.layer (asked_at) where state in ('waiting', 'training');

-- Which layer reads (0: none, as it came) and how often the names were changed; both name what processes may keep.
create table social.reader (
    workspace text primary key,
    org text not null,
    layer int not null default 0,
    names int not null default 0
);

-- Who a mention was handed to and by what, what people said of it, and what was learned of that.
create table social.routing (
    workspace text primary key,
    gate real not null default 0.5,
    audit real not null default 0.05,
    channels jsonb not null default '{}',  -- function -> the channel that its cards land in
    rules int not null default 0,          -- how often the rules were changed
    checked_at timestamptz                 -- when somebody last looked whether there is something to learn
);

create table social.decision (
    workspace text not null,
    mention uuid not null,
    at timestamptz not null,
    by text not null check (by in ('rule', 'model', 'nobody')),
    function text not null,                -- the router's; empty where it left the mention to people
    sure real not null,
    version text not null,
    reasons jsonb not null,
    ranking jsonb not null,
    audit boolean not null,                -- one of those that are asked about although it was sure
    verdict text not null default '' check (verdict in ('', 'accepted', 'moved', 'refused', 'nobody')),
    answer text not null default '',       -- the function that people say is right; empty where it is nobody's
    refused text[] not null default '{}',  -- functions whose people said that it is not for them
    moves int not null default 0,          -- how often people changed the owner after the router had named one
    owned_at timestamptz,                  -- since when it is with whom it is with
    decided_by text not null default '',
    decided_at timestamptz,
    primary key (workspace, mention)
);
create index on social.decision (workspace, at);
create index on social.decision (workspace, decided_at) where decided_at is not null;

create table social.router (
    workspace text not null,
    version int not null,
    trained_at timestamptz not null,
    examples int not null,
    active boolean not null,
    weights bytea not null,
    card jsonb not null,
    primary key (workspace, version)
);

-- How a mention came to be somebody's. By hand with nobody: that a link was taken back, and is not made anew.
create table social.link (
    workspace text not null,
    mention uuid not null,
    network text not null,
    handle text not null,                  -- in small letters, without its @
    person uuid,
    account text not null default '',
    how text not null check (how in ('handle', 'email', 'hand')),
    why text not null default '',
    at timestamptz not null,
    actor text not null default '',
    primary key (workspace, mention)
);
create index on social.link (workspace, network, handle, at desc) where how = 'hand' and handle <> '';

-- What a mention became elsewhere: a task, a deal's activity, somebody on a list, an idea.
create table social.became (
    workspace text not null,
    id uuid not null,
    mention uuid not null,
    what text not null check (what in ('task', 'activity', 'segment', 'idea')),
    ref text not null,
    title text not null,
    path text not null,
    at timestamptz not null,
    actor text not null default '',
    primary key (workspace, id),
    unique (workspace, mention, what, ref)
);

create index mention_words on social.mention
    using gin (to_tsvector('simple', text || ' ' || author || ' ' || handle));
create index on social.mention (workspace, function, posted_at desc) where original = id and function <> '';

-- Ideas for the product, who asked for them and where, and who votes for them.
create table social.idea (
    workspace text not null,
    org text not null,
    id uuid not null,
    title text not null,
    about text not null default '',
    state text not null check (state in ('open', 'planned', 'building', 'shipped', 'declined')),
    topic text not null default '',
    owner text not null default '',
    merged_into uuid,
    grams int[] not null,
    version int not null default 1,
    created_at timestamptz not null,
    created_by text not null default '',
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create index on social.idea (workspace, state, changed_at desc) where merged_into is null;
create index on social.idea (workspace, merged_into) where merged_into is not null;
create index on social.idea using gin (grams);

-- Somebody asked: a mention, a note of care or of sales, or a colleague who heard it.
create table social.asking (
    workspace text not null,
    id uuid not null,
    idea uuid not null,
    source text not null check (source in ('mention', 'care', 'sales', 'hand')),
    ref text not null,                     -- the mention's id, or what the note is called where it lies
    said text not null,
    person uuid,
    account text not null default '',
    at timestamptz not null,
    actor text not null default '',
    primary key (workspace, id),
    unique (workspace, source, ref)        -- what was said once asks for one thing
);
create index on social.asking (workspace, idea);

create table social.idea_vote (
    workspace text not null,
    idea uuid not null,
    voter text not null,
    at timestamptz not null,
    primary key (workspace, idea, voter)
);

-- What a merge moved, so that it can be taken back.
create table social.idea_merge (
    workspace text not null,
    id uuid not null,
    idea uuid not null,
    into_idea uuid not null,
    askings uuid[] not null,
    voters text[] not null,
    at timestamptz not null,
    actor text not null default '',
    undone_at timestamptz,
    primary key (workspace, id)
);
-- What is listened for, and how far history has its label.
create table social.listen_query (
    workspace text not null,
    org text not null,
    id uuid not null,
    name text not null,
    kind text not null check (kind in ('query', 'theme')),
    family text not null,  -- the group that a theme is shown under
    role text not null check (role in ('', 'own', 'rival')),
    text text not null,
    leaves_out text not null,
    watch boolean not null,
    allowed real not null,  -- false alarms a week
    cooldown int not null,  -- hours after a spike in which no other is told
    version int not null,
    history text not null check (history in ('none', 'clear', 'apply', 'done', 'stopped', 'remove')),
    reached uuid,  -- the last mention of history that has the label
    labelled int not null default 0,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    passed int not null default 0,  -- of `total` mentions from before whose labels are put right
    total int not null default 0,
    primary key (workspace, id)
);
-- One that is being taken away has its row until no mention has its label.
create unique index on social.listen_query (workspace, lower(name)) where history <> 'remove';
create index on social.listen_query (changed_at) where history in ('clear', 'apply', 'remove');

create table social.listen_setting (
    workspace text primary key,
    allowed real not null,
    cooldown int not null,
    minutes real not null  -- that a person takes to hand one mention on
);

create index on social.mention using gin (themes) where themes <> '{}';

-- Mentions that their networks took back and whose words the log still has.
create table social.taken_back (
    workspace text not null,
    org text not null,
    mention uuid not null,
    said text not null,  -- how cards of it begin, by which the log's messages are found; empty where it has none
    at timestamptz not null,
    until bigint,  -- the feed's position from which on nothing of it comes any more; null while nobody looked
    primary key (workspace, mention)
);

-- Talks with customers, what stands in them, and what is answered again and again.
create table social.conversation (
    workspace text not null,
    org text not null,
    id uuid not null,
    source uuid,
    network text not null,
    thread text not null,                  -- the network's id of what began it
    kind text not null,
    direct boolean not null,
    subject text not null default '',
    author text not null default '',       -- the customer as the network names them
    handle text not null default '',
    person uuid,
    account text not null default '',
    state text not null check (state in ('open', 'waiting', 'snoozed', 'resolved')),
    priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
    team text not null,
    assignee text not null default '',
    opened_at timestamptz not null,
    opened_by text not null default '',    -- who opened it by hand
    asked uuid not null,                   -- the customer's newest mention
    language text not null,
    intent text not null,
    topic text not null,
    sentiment smallint not null,
    first_in_at timestamptz,
    last_in_at timestamptz,
    last_out_at timestamptz,               -- a person's answer; an automation's does not count
    resolved_at timestamptz,
    snoozed_until timestamptz,
    reopened int not null default 0,
    seq int not null default 0,            -- the newest entry
    said_seq int not null default 0,       -- the newest entry that customer or company said
    version int not null default 1,
    changed_at timestamptz,
    due_at timestamptz,                    -- when the next clock that runs is due, and which
    due text not null default '',
    primary key (workspace, id)
);
create unique index conversation_thread on social.conversation
    (workspace, coalesce(source, '00000000-0000-0000-0000-000000000000'), network, thread);
create index on social.conversation (workspace, changed_at desc, id desc);
create index on social.conversation (workspace, assignee, changed_at desc) where state <> 'resolved';
create index on social.conversation (workspace, person) where person is not null;
create index on social.conversation (workspace, account) where account <> '';
create index on social.conversation (snoozed_until) where state = 'snoozed';
create index on social.conversation (workspace, due_at) where due_at is not null;

create table social.entry (
    workspace text not null,
    id uuid not null,
    conversation uuid not null,
    seq int not null,
    kind text not null check (kind in ('in', 'reply', 'note', 'act')),
    at timestamptz not null,
    by text not null check (by in ('customer', 'person', 'automation', 'bot', 'elsewhere')),
    actor text not null default '',
    mention uuid,                          -- itself, or what a reply answers
    text text not null default '',         -- of what the company wrote; a customer's lies with the mention
    act text not null default '',
    data jsonb not null default '{}',
    outcome text not null default '' check (outcome in ('', 'draft', 'pending', 'said', 'refused', 'unknown')),
    code text not null default '',
    detail text not null default '',
    external text not null default '',     -- the network's id of it
    url text not null default '',
    key text not null default '',
    named text[] not null default '{}',    -- whom a note calls
    primary key (workspace, conversation, seq),
    foreign key (workspace, conversation) references social.conversation (workspace, id) on delete cascade
);
create unique index on social.entry (workspace, id);
create unique index entry_mention on social.entry (workspace, mention) where kind = 'in';
create unique index entry_key on social.entry (workspace, conversation, key) where key <> '';
create index on social.entry (workspace, external) where external <> '';
create index on social.entry (at) where outcome = 'pending';
create index on social.entry using gin (named) where named <> '{}';

create table social.saved_reply (
    workspace text not null,
    org text not null,
    id uuid not null,
    shortcut text not null,
    title text not null,
    text text not null,
    language text not null check (language in ('', 'ko', 'en')),
    team text not null default '',
    used int not null default 0,
    used_at timestamptz,
    version int not null default 1,
    changed_at timestamptz not null,
    changed_by text not null default '',
    primary key (workspace, id)
);
create unique index saved_reply_shortcut on social.saved_reply (workspace, team, lower(shortcut), language);

-- What care was told: under which names the company writes itself, and what follows an answer.
create table social.care_setting (
    workspace text primary key,
    own text[] not null default '{}',      -- network:handle, in small letters
    after_reply text not null default 'waiting' check (after_reply in ('open', 'waiting', 'resolved'))
);


-- What the company said itself is known when its network brings it back.
create index on social.saying (workspace, (outcome ->> 'reference')) where state = 'said';

-- How long customers wait. Every conversation's times are measured; a policy says how long they should be.
create table social.clock (
    workspace text not null,
    org text not null,
    id uuid not null,
    conversation uuid not null,
    kind text not null check (kind in ('first', 'next', 'resolve', 'agent')),
    run int not null,                      -- how often the conversation was opened when it began
    team text not null,
    priority text not null,
    network text not null,
    policy text not null default '',
    agent text not null default '',        -- who answered; of kind agent whose it is
    started_at timestamptz not null,
    running_at timestamptz,                -- null while it is paused, and once it has stopped
    spent double precision not null default 0,     -- open seconds until then
    passed double precision not null default 0,    -- seconds of the calendar until then
    target int,                            -- open seconds
    warn_at timestamptz,
    due_at timestamptz,
    warned_at timestamptz,
    breached_at timestamptz,
    look_at timestamptz,                   -- when there is something to say of it next
    stopped_at timestamptz,
    outcome text not null default '' check (outcome in ('', 'given', 'dropped')),
    primary key (workspace, id),
    foreign key (workspace, conversation) references social.conversation (workspace, id) on delete cascade
);
create unique index clock_running on social.clock (workspace, conversation, kind) where stopped_at is null;
create index on social.clock (workspace, conversation, started_at);
create index on social.clock (workspace, started_at);
create index on social.clock (look_at) where look_at is not null;
create index on social.clock (workspace, due_at) where due_at is not null;

create table social.clock_setting (
    workspace text primary key,
    policies jsonb not null,
    silent int,                            -- open minutes after which a silent assignee gives back
    survey text not null check (survey in ('off', 'ask', 'reply', 'email')),
    version int not null,
    changed_at timestamptz not null,
    changed_by text not null default ''
);

-- A customer is asked once for every time a conversation was resolved.
create table social.survey (
    workspace text not null,
    org text not null,
    id uuid not null,
    conversation uuid not null,
    run int not null,
    team text not null,
    network text not null,
    agent text not null default '',
    language text not null default '',
    state text not null check (state in ('due', 'asking', 'sending', 'sent', 'refused', 'unknown', 'skipped')),
    how text not null default '' check (how in ('', 'reply', 'email')),
    detail text not null default '',
    score smallint check (score between 1 and 5),
    comment text not null default '',
    changes int not null default 0,        -- how often the answer was sent
    created_at timestamptz not null,
    claimed_at timestamptz,                -- since when it is being sent
    sent_at timestamptz,
    sent_by text not null default '',
    answered_at timestamptz,
    expires_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, conversation, run),
    foreign key (workspace, conversation) references social.conversation (workspace, id) on delete cascade
);
create index on social.survey (workspace, created_at);
create index on social.survey (created_at) where state in ('due', 'sending');

-- Posts of the company's own: planned, written for each network, approved by somebody else, said once.
create table social.post_plan (
    workspace text not null,
    org text not null,
    id uuid not null,
    title text not null,
    text text not null default '',
    language text not null default '',
    campaign text not null default '',
    state text not null check (state in ('draft', 'in_review', 'approved', 'scheduled', 'publishing', 'published',
                                         'partly', 'failed', 'unknown')),
    due_at timestamptz,
    author text not null,
    evergreen boolean not null default false,
    original uuid,                          -- what it is a copy of
    key text not null default '',           -- what made it, so that it is made once
    hash text not null default '',          -- of what was approved
    approved_by text not null default '',
    lease uuid,
    leased_until timestamptz,
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by text not null,
    ended_at timestamptz,
    primary key (workspace, id)
);
create index on social.post_plan (due_at) where state in ('scheduled', 'publishing');
create index on social.post_plan (workspace, due_at);
create unique index on social.post_plan (workspace, key) where key <> '';

-- What a post is on one source, and what became of that.
create table social.post_variant (
    workspace text not null,
    plan uuid not null,
    source uuid not null,
    place_no int not null,
    text text,                              -- null follows the plan's own
    title text not null default '',
    place text not null default '',
    utm jsonb not null default '{}',
    fate text not null default 'waiting' check (fate in ('waiting', 'said', 'refused', 'unknown')),
    attempt int not null default 1,         -- numbers the key that it is said with
    tries int not null default 0,
    sent text not null default '',          -- handed over, to the letter
    outcome jsonb not null default '{}',
    reference text not null default '',     -- the network's id of it
    url text not null default '',
    said_at timestamptz,
    primary key (workspace, plan, source),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_variant (workspace, said_at) where said_at is not null;

-- Every text that a draft had; aside: what somebody wrote who met another's.
create table social.post_version (
    workspace text not null,
    id uuid not null,
    plan uuid not null,
    version int not null,
    at timestamptz not null,
    by text not null,
    content jsonb not null,
    aside boolean not null default false,
    primary key (workspace, id),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_version (workspace, plan, at);

create table social.post_review (
    workspace text not null,
    id uuid not null,
    plan uuid not null,
    hash text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    note text not null default '',
    decision text not null default '' check (decision in ('', 'approved', 'returned')),
    decided_by text not null default '',
    decided_at timestamptz,
    comment text not null default '',
    primary key (workspace, id),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_review (workspace, plan, asked_at);

create table social.post_comment (
    workspace text not null,
    id uuid not null,
    plan uuid not null,
    source uuid,
    by text not null,
    at timestamptz not null,
    text text not null,
    done boolean not null default false,
    primary key (workspace, id),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_comment (workspace, plan, at);

-- What a workspace asks of its posts; nothing leaves since paused_at.
create table social.publishing (
    workspace text primary key,
    org text not null,
    approval boolean not null,
    own boolean not null,
    approvers text[] not null,
    utm jsonb not null,
    tracked boolean not null,
    paused_at timestamptz,
    paused_by text not null default '',
    paused_why text not null default '',
    version int not null
);
create index on social.mention (workspace, network, parent) where parent <> '';
-- Short addresses that lead on to a page and tell of each click; what each belongs to is its maker's to know.
create table social.tracked_link (
    workspace text not null,
    org text not null,
    id uuid not null,
    code text not null unique,             -- of all workspaces: a visitor brings nothing else
    target text not null,                  -- with its UTM parameters
    network text not null default '',
    side text not null check (side in ('brand', 'employees')),
    belongs text not null,                 -- post, share, hand, …
    belongs_id text not null,
    person uuid,                           -- for whom alone it was made, where it was made for one
    created_at timestamptz not null,
    created_by text not null default '',
    expires_at timestamptz,
    ended_at timestamptz,
    primary key (workspace, id)
);
create index on social.tracked_link (workspace, belongs, belongs_id);

-- What visitors are told apart by on one day, and by nothing the day after: it is forgotten then.
create table social.link_salt (
    day date primary key,
    salt bytea not null
);

-- What employees may share in their own name.
create table social.story (
    workspace text not null,
    org text not null,
    id uuid not null,
    state text not null check (state in ('draft', 'in_review', 'approved', 'running', 'ended', 'withdrawn')),
    title text not null,
    about text not null default '',        -- for colleagues: why it is worth sharing
    url text not null,
    texts jsonb not null,                  -- suggested: [{language, network, text}]
    networks text[] not null,
    teams text[] not null,                 -- functions that it is for; none: everybody
    campaign text not null default '',
    starts_at timestamptz,
    ends_at timestamptz,
    origin text not null default 'hand',   -- post, hand
    origin_id text not null default '',
    author text not null default '',
    asked_by text not null default '',
    approved_by text not null default '',
    comment text not null default '',      -- why it was sent back
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by text not null default '',
    started_at timestamptz,
    ended_at timestamptz,
    primary key (workspace, id)
);
create unique index on social.story (workspace, origin, origin_id) where origin <> 'hand';
create index on social.story (workspace, state, changed_at desc);
create index on social.story (starts_at) where state = 'approved';
create index on social.story (ends_at) where state = 'running';

-- An employee shares a story on a network; the name is taken out when they leave.
create table social.share (
    workspace text not null,
    org text not null,
    id uuid not null,
    story uuid not null,
    employee text not null,
    team text not null default '',
    network text not null,
    link uuid not null,
    how text not null default '' check (how in ('', 'composer', 'clipboard', 'source')),
    state text not null check (state in ('prepared', 'opened', 'said', 'refused', 'unknown')),
    source uuid,
    reference text not null default '',    -- what the network calls it, where it was said by a source
    url text not null default '',
    reach bigint,
    reach_by text not null default '' check (reach_by in ('', 'measured', 'stated')),
    made_at timestamptz not null,
    shared_at timestamptz,
    primary key (workspace, id)
);
create unique index on social.share (workspace, story, employee, network) where employee <> '';
create index on social.share (workspace, shared_at) where shared_at is not null;
create index on social.share (workspace, employee) where employee <> '';

-- What an employee wants: `named` shows their name to colleagues, `sources` are their own accounts.
create table social.advocate (
    workspace text not null,
    employee text not null,
    named boolean not null default false,
    reminders boolean not null default true,
    mastodon text not null default '',
    sources uuid[] not null default '{}',
    primary key (workspace, employee)
);

create table social.advocacy_rule (
    workspace text primary key,
    approval boolean not null,
    own boolean not null,                  -- authors may approve their own
    approvers text[] not null,
    disclosed boolean not null,
    disclosure jsonb not null,             -- {ko, en}
    a_week int not null,                   -- reminders an employee gets at most
    leaderboard boolean not null,
    price bigint,                          -- what a click is worth, in minor units
    currency text not null default '',
    version int not null
);

create table social.advocacy_reminder (
    workspace text not null,
    employee text not null,
    at timestamptz not null,
    primary key (workspace, employee, at)
);
