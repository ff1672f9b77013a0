-- Workspaces of other servers, of which this one knows as much as a shared channel needs.
alter table governance.workspace add column server text not null default '';
