-- Who signs in, to which organisation, with what; what was done (audit); what was mailed.
create schema if not exists server;
grant usage on schema server to yagura_app, yagura_provider;

-- The organisation itself is the tenant: its own id stands where other tables have organisation_id.
create table server.organisation (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  corporate_number text check (corporate_number ~ '^[1-9][0-9]{12}$'),
  internal boolean not null default false,
  time_zone text not null default 'Asia/Tokyo',
  language text not null default 'ja' check (language in ('ja', 'en')),
  retention_days integer not null default 400 check (retention_days between 1 and 3660),
  state text not null default 'active' check (state in ('active', 'erased')),
  created_at timestamptz not null,
  erased_at timestamptz
);
create unique index organisation_internal on server.organisation (internal) where internal;
alter table server.organisation enable row level security;
alter table server.organisation force row level security;
create policy tenant on server.organisation for all to yagura_app
  using (id = (select yagura.organisation()))
  with check (id = (select yagura.organisation()));
create policy provider on server.organisation for all to yagura_provider using (true) with check (true);
grant select, update on server.organisation to yagura_app;
grant select, insert, update on server.organisation to yagura_provider;

create table server.app_user (
  id uuid primary key,
  mail text not null unique check (mail = lower(mail)),
  name text not null,
  language text not null default 'ja' check (language in ('ja', 'en')),
  password_hash text,
  -- Seeds are sealed with the key file of the data folder (AES-256-GCM); pending until the first code is confirmed.
  totp_sealed bytea,
  totp_pending bytea,
  -- The newest time step that was accepted: a code is never taken twice (RFC 6238 section 5.2).
  totp_last_step bigint not null default 0,
  created_at timestamptz not null,
  last_sign_in_at timestamptz
);
select yagura.provider_table('server.app_user');

create table server.staff (
  user_id uuid primary key references server.app_user (id) on delete cascade,
  role text not null check (role in ('provider-admin', 'provider-operator', 'provider-support', 'provider-billing')),
  created_at timestamptz not null
);
select yagura.provider_table('server.staff');

-- A person in an organisation. Mail and name are what the organisation may know of the person.
create table server.membership (
  id uuid primary key,
  organisation_id uuid not null references server.organisation (id),
  user_id uuid references server.app_user (id) on delete set null,
  mail text not null check (mail = lower(mail)),
  name text not null,
  role text not null check (role in ('owner', 'admin', 'viewer')),
  language text not null check (language in ('ja', 'en')),
  created_at timestamptz not null,
  last_sign_in_at timestamptz,
  revoked_at timestamptz
);
create unique index membership_mail on server.membership (organisation_id, mail) where revoked_at is null;
create index membership_user on server.membership (user_id) where revoked_at is null;
select yagura.tenant_table('server.membership');

create table server.invitation (
  id uuid primary key,
  organisation_id uuid not null references server.organisation (id),
  membership_id uuid not null references server.membership (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index invitation_membership on server.invitation (membership_id);
select yagura.tenant_table('server.invitation');

create table server.sign_in_link (
  id uuid primary key,
  kind text not null check (kind in ('admin', 'staff', 'reset')),
  user_id uuid not null references server.app_user (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index sign_in_link_user on server.sign_in_link (user_id);
select yagura.provider_table('server.sign_in_link');

create table server.session (
  id uuid primary key,
  user_id uuid not null references server.app_user (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  address text not null,
  user_agent text not null,
  method text not null
);
create index session_of_user on server.session (user_id);
select yagura.provider_table('server.session');

create table server.passkey (
  id uuid primary key,
  user_id uuid not null references server.app_user (id) on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_user on server.passkey (user_id);
select yagura.provider_table('server.passkey');

create table server.recovery_code (
  id uuid primary key,
  user_id uuid not null references server.app_user (id) on delete cascade,
  code_hash bytea not null,
  used_at timestamptz
);
create index recovery_code_user on server.recovery_code (user_id);
select yagura.provider_table('server.recovery_code');

-- Short-lived halves of a sign-in: the password was right and the code is awaited, or a passkey challenge was given.
create table server.ticket (
  id uuid primary key,
  kind text not null check (kind in ('totp', 'passkey-sign-in', 'passkey-register')),
  token_hash bytea not null unique,
  user_id uuid references server.app_user (id) on delete cascade,
  method text not null default '',
  expires_at timestamptz not null,
  used_at timestamptz
);
select yagura.provider_table('server.ticket');

-- Failures counted over all processes: key is what is counted (an account, a ticket), one row per window.
create table server.attempt (
  key text primary key,
  count integer not null,
  window_ends_at timestamptz not null
);
select yagura.provider_table('server.attempt');

create table server.api_token (
  id uuid primary key,
  organisation_id uuid not null references server.organisation (id),
  name text not null,
  token_hash bytea not null unique,
  role text not null check (role in ('owner', 'admin', 'viewer')),
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  created_by_user uuid,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_token_organisation on server.api_token (organisation_id);
select yagura.tenant_table('server.api_token');

create table server.provider_token (
  id uuid primary key,
  name text not null,
  token_hash bytea not null unique,
  role text not null check (role in ('provider-admin', 'provider-operator', 'provider-support', 'provider-billing')),
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  created_by_user uuid,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
select yagura.provider_table('server.provider_token');

create table server.provider_profile (
  one boolean primary key default true check (one),
  name text not null,
  sender_address text not null,
  logo text,
  registration_number text check (registration_number ~ '^T[1-9][0-9]{12}$'),
  portal_url text not null
);
select yagura.shared_table('server.provider_profile');

-- organisation_id is empty for the provider's own mail, so the policies are written out.
create table server.outbox (
  id uuid primary key,
  organisation_id uuid references server.organisation (id),
  recipient text not null,
  subject text not null,
  body text not null,
  state text not null check (state in ('kept', 'queued', 'sent', 'failed')),
  error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index outbox_newest on server.outbox (created_at desc, id desc);
alter table server.outbox enable row level security;
alter table server.outbox force row level security;
-- An organisation adds and, at its erasure, removes its mails; it never reads what was written to others.
create policy tenant on server.outbox for all to yagura_app
  using (organisation_id = (select yagura.organisation()))
  with check (organisation_id = (select yagura.organisation()));
create policy provider on server.outbox for all to yagura_provider using (true) with check (true);
grant insert, delete, select (id, organisation_id) on server.outbox to yagura_app;
grant select, insert, update, delete on server.outbox to yagura_provider;

-- The audit log: append-only, hash-chained. Nobody holds UPDATE, DELETE or TRUNCATE, and a trigger refuses even the owner.
create table server.audit_entry (
  sequence bigint primary key,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text,
  actor text not null,
  organisation_id uuid,
  action text not null,
  subject text not null,
  details jsonb not null,
  previous text not null check (previous ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$')
);
create index audit_entry_organisation on server.audit_entry (organisation_id, sequence desc);
alter table server.audit_entry enable row level security;
alter table server.audit_entry force row level security;
create policy tenant on server.audit_entry for select to yagura_app
  using (organisation_id = (select yagura.organisation()));
create policy provider on server.audit_entry for select to yagura_provider using (true);
create policy appender on server.audit_entry for insert to current_user with check (true);
grant select on server.audit_entry to yagura_app, yagura_provider;

create function server.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on server.audit_entry
  for each row execute function server.refuse_change();
create trigger append_only_truncate before truncate on server.audit_entry
  for each statement execute function server.refuse_change();

-- One row: the end of the chain. Locked by each append, so that entries of all processes follow one another.
create table server.audit_head (
  one boolean primary key default true check (one),
  sequence bigint not null,
  hash text not null
);
insert into server.audit_head (sequence, hash) values (0, repeat('0', 64));
revoke all on server.audit_head from public;
grant select on server.audit_head to yagura_provider;

-- `entry` is canonical JSON (RFC 8785) of the act; columns are read from it, so they cannot differ from what is hashed.
-- The hashed text {"entry":…,"previous":…,"sequence":…} has its keys in order, hence is canonical too.
create function server.append_audit(entry text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head record;
  act jsonb := entry::jsonb;
  place bigint;
  digest text;
begin
  select sequence, hash into strict head from server.audit_head for update;
  place := head.sequence + 1;
  digest := encode(sha256(convert_to(
    '{"entry":' || entry || ',"previous":"' || head.hash || '","sequence":' || place || '}', 'UTF8')), 'hex');
  insert into server.audit_entry
    (sequence, at, actor_kind, actor_id, actor, organisation_id, action, subject, details, previous, hash)
  values (place, (act ->> 'at')::timestamptz, act ->> 'actorKind', act ->> 'actorId', act ->> 'actor',
    (act ->> 'organisation')::uuid, act ->> 'action', act ->> 'subject', act -> 'details', head.hash, digest);
  update server.audit_head set sequence = place, hash = digest;
  return place;
end $$;
revoke all on function server.append_audit(text) from public;
grant execute on function server.append_audit(text) to yagura_app, yagura_provider;

-- Jobs are added inside the caller's transaction; the callers own nothing in the worker's schema.
create function server.add_job(name text, payload json, key text, run_at timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job(name, payload, run_at => run_at, job_key => key, max_attempts => 12);
end $$;
revoke all on function server.add_job(text, json, text, timestamptz) from public;
grant execute on function server.add_job(text, json, text, timestamptz) to yagura_app, yagura_provider;
