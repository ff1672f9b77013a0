-- Response clocks go by opening hours, tell first answers from later ones, stand still, and remember who saw a question.
alter table channels.conversation add column response_team text not null default '';
alter table channels.response
    add column kind text not null default 'first' check (kind in ('first', 'next')),
    add column asked_team text not null default '',
    add column asked_org text not null default '',
    add column open_seconds double precision,
    add column within boolean,
    add column seen_at timestamptz,
    add column seen_by text not null default '',
    add column paused_at timestamptz,
    add column paused_by text not null default '',
    add column left_seconds double precision,
    add column escalated_at timestamptz,
    add column escalated_to text[] not null default '{}',
    drop constraint response_state_check,
    add constraint response_state_check check (state in ('waiting', 'warned', 'overdue', 'answered', 'paused'));
update channels.response set open_seconds = seconds, within = seconds <= minutes * 60 where state = 'answered';
create index response_asked on channels.response (workspace, asked);
