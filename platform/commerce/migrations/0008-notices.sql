-- Notices as stored objects with the time at which they take effect (COM-15, matrix 7.3), changes of terms with what each
-- customer was shown (COM-22), and cases (COM-25, RNS-23, RNS-30).

-- One act of the provider towards many customers; each of them gets a notice of its own.
create table commerce.announcement (
  id uuid primary key,
  service text not null,
  kind text not null,
  rule text not null,
  channel text not null,
  subject jsonb not null,
  body jsonb not null,
  announces_on date,
  recipients integer not null,
  created_by text not null,
  created_at timestamptz not null
);
select yagura.provider_table('commerce.announcement');

create table commerce.notice (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid references commerce.contract (id),
  announcement_id uuid,
  service text,
  kind text not null,
  -- The row of matrix 7.3 as it stood: lead time, channels, effect.
  rule jsonb not null,
  channel text not null check (channel in ('web', 'post', 'mail', 'other')),
  -- SHA-256 of subject and body: which text was given.
  text_version text not null check (text_version ~ '^[0-9a-f]{64}$'),
  language text not null check (language in ('ja', 'en')),
  subject text not null,
  body text not null,
  statements jsonb not null default '{}',
  -- What stands on its paper where that is more than the text: kind of document and content.
  paper jsonb,
  -- Where it went: the registered address or mail addresses.
  address text,
  -- to-print: a letter that was not posted yet.
  state text not null check (state in ('draft', 'to-print', 'sent', 'withdrawn')),
  emergency boolean not null default false,
  -- Day of what it announces, and the time that it names for its own effect.
  announces_on date,
  named_time timestamptz,
  sent_at timestamptz,
  effective_at timestamptz,
  read_at timestamptz,
  -- Latest evidence of delivery.
  delivery text,
  -- Mails in the outbox.
  mails uuid[] not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  check ((state = 'sent') = (sent_at is not null) or state = 'withdrawn'),
  check (effective_at is null or sent_at is not null)
);
create index notice_organisation on commerce.notice (organisation_id, id desc);
create index notice_announcement on commerce.notice (announcement_id) where announcement_id is not null;
create index notice_undelivered on commerce.notice (sent_at) where delivery = 'queued';
select yagura.tenant_table('commerce.notice');

-- Written once: what happened to a notice.
create table commerce.notice_evidence (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  notice_id uuid not null references commerce.notice (id),
  at timestamptz not null,
  kind text not null check (kind in ('posted', 'queued', 'sent', 'delivered', 'received', 'bounced', 'returned', 'read', 'note')),
  detail text not null default '',
  by text not null
);
create index notice_evidence_notice on commerce.notice_evidence (notice_id, ordinal);
select yagura.tenant_table('commerce.notice_evidence');
revoke update on commerce.notice_evidence from yagura_app, yagura_provider;

-- A change of terms as it was published (COM-22).
create table commerce.terms_change (
  id uuid primary key,
  version_id uuid not null unique references commerce.service_version (id),
  service text not null,
  code text not null,
  effective_on date not null,
  subject jsonb not null,
  body jsonb not null,
  rule text not null,
  -- Whether a customer who disagrees may end the contract by the effective date (UTM-02).
  dissent boolean not null,
  -- Grounds on which consent is taken as given (SEC-03).
  grounds text[] not null,
  published_by text not null,
  published_at timestamptz not null
);
select yagura.shared_table('commerce.terms_change');

create table commerce.terms_consent (
  id uuid primary key,
  organisation_id uuid not null,
  change_id uuid not null references commerce.terms_change (id),
  notice_id uuid references commerce.notice (id),
  state text not null check (state in ('shown', 'consented', 'dissented')),
  ground text check (ground in ('use', 'payment', 'no-objection', 'express')),
  evidence text,
  decided_at timestamptz,
  unique (organisation_id, change_id),
  check ((state = 'shown') = (decided_at is null)),
  check (state <> 'consented' or ground is not null)
);
create index terms_consent_change on commerce.terms_consent (change_id, state);
select yagura.tenant_table('commerce.terms_consent');

create table commerce.legal_case (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid references commerce.contract (id),
  kind text not null check (kind in ('disclosure', 'confidentiality', 'deletion', 'data-use')),
  state text not null check (state in ('open', 'identity-checked', 'approved', 'answered', 'closed', 'refused')),
  rule text not null,
  subject text not null,
  request jsonb not null default '{}',
  opened_by text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  check ((state in ('closed', 'refused')) = (closed_at is not null))
);
create index legal_case_organisation on commerce.legal_case (organisation_id, id desc);
select yagura.tenant_table('commerce.legal_case');

create table commerce.legal_case_step (
  id uuid primary key,
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  case_id uuid not null references commerce.legal_case (id),
  at timestamptz not null,
  kind text not null,
  by text not null,
  detail jsonb not null default '{}'
);
create index legal_case_step_case on commerce.legal_case_step (case_id, ordinal);
select yagura.tenant_table('commerce.legal_case_step');
revoke update on commerce.legal_case_step from yagura_app, yagura_provider;

-- To whom data may go as far as the service needs it (COM-27).
create table commerce.subcontractor (
  id uuid primary key,
  name text not null,
  task jsonb not null,
  -- Null: every service.
  service text,
  in_force daterange not null check (not isempty(in_force)),
  added_by text not null,
  added_at timestamptz not null
);
select yagura.shared_table('commerce.subcontractor');

-- Purposes that an organisation switched off or on again (UTM-79, UTM-81); what is not here stands as the purpose's default.
create table commerce.data_use (
  organisation_id uuid not null,
  purpose text not null,
  allowed boolean not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (organisation_id, purpose)
);
select yagura.tenant_table('commerce.data_use');

-- A temporary reduction or waiver of charges for a disaster (COM-29, UTM-52): whom it concerns, and the facts that it put on their
-- contracts under its id. Reversed: those facts are void.
create table commerce.waiver (
  id uuid primary key,
  service text not null,
  -- Null: every item.
  item text,
  percent integer not null check (percent between 1 and 100),
  -- Parts of registered addresses; empty: everywhere.
  areas text[] not null,
  first_on date not null,
  last_on date not null check (last_on >= first_on),
  reference text not null,
  reason jsonb not null,
  state text not null check (state in ('active', 'reversed')),
  published_by text not null,
  published_at timestamptz not null,
  reversed_at timestamptz,
  reversed_because text
);
select yagura.provider_table('commerce.waiver');
