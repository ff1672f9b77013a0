-- Hiring, the press and whoever leads the company are functions too: what is said outside reaches them as the others.
alter table governance.account drop constraint account_function_check;
alter table governance.account add constraint account_function_check check (
    function in ('', 'product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives')
);
