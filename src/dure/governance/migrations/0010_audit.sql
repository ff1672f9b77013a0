-- What was done, for ever: one entry per change, each bound to all before it by its digest.
create table governance.audit (
    org text not null,
    number bigint not null,        -- without gaps, from 1
    entry json not null,           -- kept letter for letter: the digest is of these bytes
    digest bytea not null,         -- SHA-256 of the digest before and the entry
    at bigint generated always as ((entry ->> 'date_create')::bigint) stored,
    action text generated always as (entry ->> 'action') stored,
    actor text generated always as (entry ->> 'actor') stored,
    entity text generated always as (entry -> 'entity' ->> 'id') stored,
    primary key (org, number)
);
create index audit_at on governance.audit (org, at desc, number desc);
create index audit_action on governance.audit (org, action, at desc, number desc);
create index audit_actor on governance.audit (org, actor, at desc, number desc);
create index audit_entity on governance.audit (org, entity, at desc, number desc);

-- The newest entry's number and digest; whoever holds this row writes the next one.
create table governance.audit_head (
    org text primary key,
    number bigint not null,
    digest bytea not null
) with (fillfactor = 50);

-- Chains entries to the trails of their organisations, in the order of the organisations' ids, so that two transactions
-- never wait for each other in a ring. It is the last that a transaction does: the row is held for a commit, no longer.
create function governance.chain(orgs text[], entries text[]) returns void language plpgsql as $$
declare
    one record;
    held governance.audit_head;
begin
    for one in
        select org, array_agg(entry order by place) as entries
        from unnest(orgs, entries) with ordinality as told (org, entry, place) group by org order by org
    loop
        select * into held from governance.audit_head where org = one.org for update;
        if not found then
            insert into governance.audit_head (org, number, digest)
            values (one.org, 0, sha256(convert_to(one.org, 'UTF8'))) on conflict do nothing;
            select * into held from governance.audit_head where org = one.org for update;
        end if;
        for place in 1 .. array_length(one.entries, 1) loop
            held.number := held.number + 1;
            held.digest := sha256(held.digest || convert_to(one.entries[place], 'UTF8'));
            insert into governance.audit (org, number, entry, digest)
            values (one.org, held.number, one.entries[place]::json, held.digest);
        end loop;
        update governance.audit_head set number = held.number, digest = held.digest where org = one.org;
    end loop;
end
$$;

create function governance.keep_audit() returns trigger language plpgsql as $$
begin
    raise exception 'an entry of the audit trail is neither changed nor removed';
end
$$;
create trigger audit_for_ever before update or delete or truncate on governance.audit
    for each statement execute function governance.keep_audit();
