-- What a recipe's form was filled with, kept beside the definition that came of it.
alter table automation.version add column settings jsonb;
