-- Terms by date (spec/commercial.md section 10): a service's terms have versions, a version has rule parameters, and two
-- versions of one service can never both be in force (exclusion constraint over half-open ranges of Asia/Tokyo days).
create schema if not exists commerce;
grant usage on schema commerce to yagura_app, yagura_provider;
create extension if not exists btree_gist;

create table commerce.service_version (
  id uuid primary key,
  service text not null,
  code text not null,
  -- Half-open: the first day in force, and the first day no longer in force. Empty ranges would never be in force.
  in_force daterange not null check (not isempty(in_force)),
  source_document text not null,
  -- SHA-256 of the text that the version was read from, lower-case hexadecimal.
  text_hash text not null check (text_hash ~ '^[0-9a-f]{64}$'),
  -- Names of things in this version, by language (EXP-01: labels are versioned).
  labels jsonb not null default '{}',
  unique (service, code),
  constraint service_version_one_in_force exclude using gist (service with =, in_force with &&)
);
select yagura.shared_table('commerce.service_version');

create table commerce.rule_parameter (
  version_id uuid not null references commerce.service_version (id),
  key text not null,
  value jsonb not null,
  primary key (version_id, key)
);
select yagura.shared_table('commerce.rule_parameter');
