-- A playground is a workspace to try things in: nothing leaves it. The mark is made with it and never changes.
alter table governance.workspace add column playground_of text references governance.workspace;

create function governance.keep_playground() returns trigger language plpgsql as $$
begin
    raise exception 'a workspace is a playground, or is not one, for ever';
end
$$;
create trigger playground_for_ever before update of playground_of on governance.workspace
    for each row when (old.playground_of is distinct from new.playground_of)
    execute function governance.keep_playground();
