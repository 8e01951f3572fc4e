-- What is measured from where: tenants, targets, agents, sessions, and the invitations by which agents are installed.
-- Quotas are counted under the lock of the tenant's row (EXP-17 to EXP-20).
create schema if not exists experience;
grant usage on schema experience to yagura_app, yagura_provider;

create table experience.tenant (
  id uuid primary key,
  -- The order in which things were made, to the last one: ids and times tell it to the millisecond only.
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  name text not null,
  created_at timestamptz not null,
  -- Counted up by every change inside the tenant: the update is the lock under which quotas are counted, and under
  -- repeatable read it makes the loser of a race fail and start again instead of counting an old picture.
  revision bigint not null default 0,
  unique (id, organisation_id)
);
create index tenant_organisation on experience.tenant (organisation_id, id);
select yagura.tenant_table('experience.tenant');

create table experience.target (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  tenant_id uuid not null,
  name text not null,
  -- A Probe of wire/configuration.ts.
  probe jsonb not null,
  -- by-hand: by a person, still counted; surplus: paused when the quota fell, not counted (EXP-22).
  paused text check (paused in ('by-hand', 'surplus')),
  created_at timestamptz not null,
  unique (id, tenant_id),
  foreign key (tenant_id, organisation_id) references experience.tenant (id, organisation_id)
);
create index target_tenant on experience.target (tenant_id);
create index target_organisation on experience.target (organisation_id, id);
select yagura.tenant_table('experience.target');

create table experience.agent (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  tenant_id uuid not null,
  -- One contract number, one agent (EXP-T09).
  contract_id uuid not null unique,
  contract_number text not null unique,
  -- At most 15 user-perceived characters (EXP-T07), kept in NFC.
  label text not null,
  holder_name text not null,
  holder_mail text,
  device_id uuid unique,
  ended_at timestamptz,
  created_at timestamptz not null,
  unique (id, tenant_id),
  foreign key (tenant_id, organisation_id) references experience.tenant (id, organisation_id)
);
create index agent_tenant on experience.agent (tenant_id);
create index agent_organisation on experience.agent (organisation_id, id);
select yagura.tenant_table('experience.agent');

create table experience.session (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  tenant_id uuid not null,
  agent_id uuid not null,
  target_id uuid not null,
  -- Milliseconds.
  interval_ms integer not null check (interval_ms between 200 and 3600000),
  timeout_ms integer not null check (timeout_ms between 50 and 60000),
  -- agent-ended: the contract of its agent is over; not counted and never resumed.
  paused text check (paused in ('by-hand', 'surplus', 'agent-ended')),
  created_at timestamptz not null,
  -- A session is the communication of one agent to one target (EXP-T03), and both belong to its tenant.
  unique (agent_id, target_id),
  foreign key (tenant_id, organisation_id) references experience.tenant (id, organisation_id),
  -- Deferred while tenants are joined: agents, targets and sessions move together.
  constraint session_agent foreign key (agent_id, tenant_id) references experience.agent (id, tenant_id)
    on delete cascade deferrable initially immediate,
  constraint session_target foreign key (target_id, tenant_id) references experience.target (id, tenant_id)
    on delete cascade deferrable initially immediate
);
create index session_tenant on experience.session (tenant_id);
create index session_target_index on experience.session (target_id);
create index session_organisation on experience.session (organisation_id, id);
select yagura.tenant_table('experience.session');

create table experience.invitation (
  -- The id of the enrolment key; the key itself is never here.
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  agent_id uuid not null references experience.agent (id) on delete cascade,
  sent_to text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index invitation_agent on experience.invitation (agent_id, ordinal desc);
create index invitation_organisation on experience.invitation (organisation_id, id);
select yagura.tenant_table('experience.invitation');
