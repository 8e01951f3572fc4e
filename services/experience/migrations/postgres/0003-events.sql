-- What changed about sessions and targets, and by whom: told beside the measurements, so that a change of the line and a change
-- of the measuring are told apart. Not the audit log: that is read by few, says what was asked for rather than what changed,
-- and is never deleted. What happened to agents is in the rows of their devices.
create table experience.event (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  session_id uuid references experience.session (id) on delete cascade,
  target_id uuid references experience.target (id) on delete cascade,
  at timestamptz not null,
  -- A kind of SeriesEvent of wire/api.ts, and its parameters.
  kind text not null,
  parameters jsonb not null,
  check (num_nonnulls(session_id, target_id) = 1)
);
create index event_session on experience.event (session_id, at desc) where session_id is not null;
create index event_target on experience.event (target_id, at desc) where target_id is not null;
create index event_organisation on experience.event (organisation_id, at);
select yagura.tenant_table('experience.event');

-- Row-level security is forced: without the role the owner sees no session.
set local role yagura_provider;
insert into experience.event (id, organisation_id, session_id, at, kind, parameters)
  select gen_random_uuid(), organisation_id, id, created_at, 'session.created', '{}'::jsonb from experience.session;
reset role;
