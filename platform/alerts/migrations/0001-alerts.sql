-- Findings of all services become incidents, and incidents reach people.
create schema if not exists alerts;
grant usage on schema alerts to yagura_app, yagura_provider;

-- What belongs together: one cause, one incident.
create table alerts.incident (
  id uuid primary key,
  organisation_id uuid not null,
  -- Counted within the organisation: what people call it.
  number integer not null,
  service text not null,
  group_key text not null,
  -- Kind, subject and parameters of the worst finding: what the title is made of.
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  parameters jsonb not null,
  -- 0 info, 1 notice, 2 bad, 3 critical.
  severity smallint not null check (severity between 0 and 3),
  state text not null check (state in ('open', 'acknowledged', 'closed')),
  findings integer not null,
  opened_at timestamptz not null,
  last_at timestamptz not null,
  -- The cause is over, as far as the service can tell; a person still closes it.
  ended_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  assignee text,
  closed_at timestamptz,
  closed_by text,
  close_reason text check (close_reason in ('solved', 'expected', 'false-alarm', 'over')),
  -- Next step of the escalation, and when.
  step smallint not null default 0,
  escalate_at timestamptz,
  check ((state = 'closed') = (closed_at is not null)),
  unique (organisation_id, number)
);
create unique index incident_open on alerts.incident (organisation_id, service, group_key) where state <> 'closed';
create index incident_newest on alerts.incident (organisation_id, last_at desc, id desc);
create index incident_escalation on alerts.incident (escalate_at) where escalate_at is not null;
select yagura.tenant_table('alerts.incident');

create table alerts.finding (
  id uuid primary key,
  organisation_id uuid not null,
  incident_id uuid not null references alerts.incident (id) on delete cascade,
  dedupe_key text not null,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  severity smallint not null,
  confidence real not null,
  parameters jsonb not null,
  evidence jsonb not null,
  since timestamptz not null,
  until timestamptz,
  last_at timestamptz not null,
  -- How often it was told.
  times integer not null,
  unique (incident_id, dedupe_key)
);
create index finding_organisation on alerts.finding (organisation_id);
select yagura.tenant_table('alerts.finding');

-- What happened to an incident: written once.
create table alerts.entry (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  incident_id uuid not null references alerts.incident (id) on delete cascade,
  at timestamptz not null,
  kind text not null,
  by text not null,
  detail jsonb not null
);
create index entry_incident on alerts.entry (incident_id, ordinal);
create index entry_organisation on alerts.entry (organisation_id);
select yagura.tenant_table('alerts.entry');
revoke update on alerts.entry from yagura_app, yagura_provider;

-- How people are told.
create table alerts.channel (
  id uuid primary key,
  organisation_id uuid not null,
  kind text not null check (kind in ('mail', 'webhook', 'syslog')),
  name text not null,
  settings jsonb not null,
  -- Of a webhook: the key of its signature and its whole address, sealed; settings tell only whose it is.
  sealed bytea,
  minimum_severity smallint not null,
  -- Empty: all.
  services text[] not null,
  language text not null check (language in ('ja', 'en')),
  enabled boolean not null,
  last_success_at timestamptz,
  last_error text,
  created_at timestamptz not null
);
create index channel_organisation on alerts.channel (organisation_id);
select yagura.tenant_table('alerts.channel');

-- Steps of escalation: minutes without acknowledgement, and the channels that are told then.
create table alerts.policy (
  organisation_id uuid primary key,
  steps jsonb not null,
  updated_at timestamptz not null
);
select yagura.tenant_table('alerts.policy');

create table alerts.delivery (
  id uuid primary key,
  organisation_id uuid not null,
  channel_id uuid not null references alerts.channel (id) on delete cascade,
  incident_id uuid references alerts.incident (id) on delete cascade,
  occasion text not null check (occasion in ('opened', 'worse', 'escalated', 'ended', 'digest', 'test')),
  -- held: kept back in a storm, told in the next digest.
  state text not null check (state in ('queued', 'held', 'sent', 'failed')),
  attempts smallint not null default 0,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index delivery_channel on alerts.delivery (channel_id, created_at desc);
create index delivery_held on alerts.delivery (channel_id) where state = 'held';
create index delivery_incident on alerts.delivery (incident_id);
create index delivery_organisation on alerts.delivery (organisation_id);
select yagura.tenant_table('alerts.delivery');
