-- Notices as stored objects with the time at which they take effect (COM-15, matrix 7.3).
create table commerce.notice (
  id uuid primary key,
  -- Null: to everybody (a web notice).
  organisation_id uuid,
  contract_id uuid references commerce.contract (id),
  kind text not null,
  channel text not null check (channel in ('web', 'post', 'mail', 'other')),
  text_version text not null,
  subject text not null,
  body text not null,
  sent_at timestamptz,
  effective_at timestamptz,
  payload jsonb not null default '{}',
  created_by text not null,
  created_at timestamptz not null
);
select yagura.provider_table('commerce.notice');
