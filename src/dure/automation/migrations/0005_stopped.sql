-- Why an automation was stopped, as a code with its facts beside the sentence, so that screens say it in their language.
alter table automation.automation add column stopped jsonb;
