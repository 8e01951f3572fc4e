-- Which token made a token: what it made ends with it. No foreign key: a provider's token makes customers' tokens too.
alter table server.api_token add column created_by_token uuid;
alter table server.provider_token add column created_by_token uuid;
create index api_token_descent on server.api_token (created_by_token) where created_by_token is not null;
create index provider_token_descent on server.provider_token (created_by_token) where created_by_token is not null;
