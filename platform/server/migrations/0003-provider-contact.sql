-- Where the provider can be reached and paid, as its documents print it: postal code, address, phone, mail, bank account.
alter table server.provider_profile add column contact jsonb not null default '{}';
