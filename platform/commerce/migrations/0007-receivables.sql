-- What customers owe, what they paid, and what was paid on which claim (COM-12, COM-13); reminders, bank files, the journal.
create table commerce.claim (
  id uuid primary key,
  organisation_id uuid not null,
  invoice_id uuid references commerce.invoice (id),
  -- Null: the claim stands for several contracts of the document.
  contract_id uuid references commerce.contract (id),
  -- Number of the document that it stands on.
  number text not null default '',
  service text not null,
  plan text not null,
  -- With tax, as issued.
  amount bigint not null check (amount >= 0),
  -- Taken off by credit notes, and taken over by a billing operator: what is left of the amount is what is to be paid here.
  credited bigint not null default 0,
  assigned bigint not null default 0,
  due_on date not null,
  -- RNS-17: the day on which all debts fell due.
  accelerated_on date,
  due_now date generated always as (least(due_on, accelerated_on)) stored,
  -- Late interest itself bears none.
  bears_interest boolean not null default true,
  state text not null check (state in ('open', 'paid', 'cancelled', 'assigned')),
  -- Sum of its allocations, and the day of the one that paid it in full: kept by `settle`.
  paid bigint not null default 0,
  settled_on date,
  -- Late interest found when it was paid in full, with its explanation; what of it stands on bills.
  interest_due bigint,
  interest json,
  interest_billed bigint not null default 0,
  created_at timestamptz not null,
  check (credited >= 0 and assigned >= 0 and credited + assigned <= amount)
);
create index claim_organisation on commerce.claim (organisation_id, due_on, id);
create index claim_invoice on commerce.claim (invoice_id);
create index claim_open on commerce.claim (due_now) where state = 'open';
create index claim_interest on commerce.claim (organisation_id, settled_on) where interest_due is not null and interest_due <> interest_billed;
select yagura.tenant_table('commerce.claim');

create table commerce.payment (
  id uuid primary key,
  -- The order of recording: ids tell it to the millisecond only.
  ordinal bigint generated always as identity,
  organisation_id uuid not null,
  paid_on date not null,
  amount bigint not null check (amount > 0),
  way text not null check (way in ('transfer', 'direct-debit', 'operator', 'cheque', 'bill', 'cash', 'other', 'credit-note')),
  reference text not null default '',
  -- The claim that the remittance names, where the provider accepted it (COM-13).
  claim_id uuid references commerce.claim (id),
  -- Cheques and bills count only when cleared (RNS-40).
  cleared_on date,
  counts_on date generated always as (case when way in ('cheque', 'bill') then cleared_on else paid_on end) stored,
  -- Kept out of later claims on somebody's word.
  held bigint not null default 0 check (held >= 0),
  source_key text,
  reversed_on date,
  reversal_reason text,
  reversal_key text,
  reversed_at timestamptz,
  recorded_by text not null,
  recorded_at timestamptz not null,
  unique (organisation_id, source_key)
);
create index payment_organisation on commerce.payment (organisation_id, paid_on, id);
select yagura.tenant_table('commerce.payment');

create table commerce.allocation (
  id uuid primary key,
  organisation_id uuid not null,
  payment_id uuid not null references commerce.payment (id),
  claim_id uuid not null references commerce.claim (id),
  amount bigint not null check (amount > 0),
  allocated_at timestamptz not null,
  unique (payment_id, claim_id)
);
create index allocation_claim on commerce.allocation (claim_id);
create index allocation_organisation on commerce.allocation (organisation_id);
select yagura.tenant_table('commerce.allocation');

-- Money that goes back to the customer, out of what a payment left over (RNS-63).
create table commerce.refund (
  id uuid primary key,
  organisation_id uuid not null,
  payment_id uuid not null references commerce.payment (id),
  amount bigint not null check (amount > 0),
  on_day date not null,
  reason text not null default '',
  state text not null check (state in ('proposed', 'exported', 'paid', 'cancelled')),
  file_id uuid,
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index refund_payment on commerce.refund (payment_id);
select yagura.tenant_table('commerce.refund');

-- Credit notes on claims: once per credit note and claim.
create table commerce.claim_credit (
  id uuid primary key,
  organisation_id uuid not null,
  claim_id uuid not null references commerce.claim (id),
  document_id uuid not null,
  amount bigint not null check (amount > 0),
  on_day date not null,
  recorded_at timestamptz not null,
  unique (claim_id, document_id)
);
select yagura.tenant_table('commerce.claim_credit');

-- Late interest that stands on a bill.
create table commerce.interest_billed (
  id uuid primary key,
  organisation_id uuid not null,
  claim_id uuid not null references commerce.claim (id),
  invoice_id uuid not null references commerce.invoice (id),
  month date not null,
  amount bigint not null,
  billed_at timestamptz not null,
  unique (claim_id, invoice_id)
);
select yagura.tenant_table('commerce.interest_billed');

create table commerce.reminder (
  id uuid primary key,
  organisation_id uuid not null,
  claim_id uuid not null references commerce.claim (id),
  step integer not null check (step > 0),
  sent_at timestamptz not null,
  -- How many people got it.
  recipients integer not null,
  subject text not null,
  text text not null,
  unique (claim_id, step)
);
create index reminder_organisation on commerce.reminder (organisation_id, sent_at desc);
select yagura.tenant_table('commerce.reminder');

create table commerce.dunning (
  organisation_id uuid primary key,
  paused_until date,
  note text not null default '',
  set_by text not null,
  set_at timestamptz not null
);
select yagura.tenant_table('commerce.dunning');

-- Proposals for staff to decide on: nothing is suspended or cancelled by itself.
create table commerce.collection_task (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  kind text not null check (kind in ('suspension', 'cancellation')),
  ground text not null,
  rule text not null,
  claims jsonb not null,
  state text not null check (state in ('open', 'accepted', 'dismissed', 'settled')),
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text not null default ''
);
create unique index collection_task_open on commerce.collection_task (contract_id, kind, ground) where state = 'open';
create index collection_task_state on commerce.collection_task (state, id);
select yagura.tenant_table('commerce.collection_task');

create sequence commerce.certificate_counter as bigint minvalue 1 no cycle;
grant usage on sequence commerce.certificate_counter to yagura_app, yagura_provider;
create table commerce.certificate (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  number text not null unique,
  kind text not null check (kind in ('payment-certificate', 'qualified-invoice')),
  issued_on date not null,
  postage bigint not null check (postage >= 0),
  consent text not null,
  -- The fact that bears the fee; null where the plan's terms know none.
  fact_id uuid,
  -- As text, so that it stays as it was.
  content json not null,
  request_key text,
  issued_by text not null,
  issued_at timestamptz not null,
  unique (organisation_id, request_key)
);
select yagura.tenant_table('commerce.certificate');
revoke update on commerce.certificate from yagura_app;

-- Customers' bank accounts: sealed; only a part of the number is readable.
create sequence commerce.debit_customer_counter as bigint minvalue 1 no cycle;
grant usage on sequence commerce.debit_customer_counter to yagura_app, yagura_provider;
create table commerce.bank_account (
  organisation_id uuid primary key,
  sealed bytea not null,
  shown text not null,
  bank text not null,
  branch text not null,
  holder text not null,
  debit boolean not null,
  -- 20 digits: what the bank's file calls this customer.
  customer_number text not null unique,
  virtual_account text unique,
  -- Whether the bank has had a request for this account: the file's 新規コード.
  debited_before boolean not null default false,
  registered_by text not null,
  registered_at timestamptz not null
);
select yagura.tenant_table('commerce.bank_account');

-- Names under which a customer's transfers came in.
create table commerce.payer_name (
  id uuid primary key,
  organisation_id uuid not null,
  name text not null,
  learnt_at timestamptz not null,
  unique (organisation_id, name)
);
select yagura.tenant_table('commerce.payer_name');

create table commerce.collection_account (
  id uuid primary key,
  use text not null check (use in ('direct-debit', 'transfer', 'deposit')),
  consignor_code text not null,
  bank text not null,
  bank_name text not null,
  branch text not null,
  branch_name text not null,
  account_kind text not null,
  account_number text not null,
  holder text not null,
  created_at timestamptz not null
);
select yagura.provider_table('commerce.collection_account');

create table commerce.bank_file (
  id uuid primary key,
  kind text not null check (kind in ('debit-request', 'debit-result', 'transfer', 'deposits')),
  name text not null,
  on_day date,
  records integer not null,
  total bigint not null,
  sha256 text not null,
  -- Sealed: account numbers stand in it.
  sealed bytea not null,
  made_by text not null,
  made_at timestamptz not null,
  unique (kind, sha256)
);
select yagura.provider_table('commerce.bank_file');

create table commerce.debit_item (
  id uuid primary key,
  organisation_id uuid not null,
  file_id uuid not null,
  customer_number text not null,
  consignor_code text not null,
  debit_on date not null,
  amount bigint not null check (amount > 0),
  claims jsonb not null,
  result text,
  result_at timestamptz,
  payment_id uuid references commerce.payment (id),
  unique (consignor_code, debit_on, customer_number)
);
select yagura.tenant_table('commerce.debit_item');

create table commerce.deposit (
  id uuid primary key,
  file_id uuid not null references commerce.bank_file (id),
  -- What the bank says of it, hashed: the same deposit of another file is known again.
  fingerprint text not null unique,
  on_day date not null,
  amount bigint not null check (amount > 0),
  payer text not null,
  payer_code text not null,
  edi text not null,
  bank text not null,
  virtual_account text,
  state text not null check (state in ('unmatched', 'matched', 'ignored', 'cancelled')),
  matched_organisation uuid,
  payment_id uuid,
  note text not null default '',
  decided_by text,
  decided_at timestamptz
);
create index deposit_state on commerce.deposit (state, on_day desc, id);
select yagura.provider_table('commerce.deposit');

create table commerce.claim_transfer (
  id uuid primary key,
  operator text not null,
  -- Which data were passed (UTM-53).
  fields jsonb not null,
  sha256 text not null,
  sealed bytea not null,
  made_by text not null,
  made_at timestamptz not null
);
select yagura.provider_table('commerce.claim_transfer');

create table commerce.claim_transfer_item (
  id uuid primary key,
  organisation_id uuid not null,
  transfer_id uuid not null,
  claim_id uuid not null references commerce.claim (id),
  amount bigint not null check (amount > 0),
  -- The log: what was passed of this customer; account numbers masked.
  passed jsonb not null,
  assigned_at timestamptz not null,
  state text not null check (state in ('assigned', 'paid', 'unpaid', 'returned')),
  state_on date,
  state_at timestamptz,
  unique (transfer_id, claim_id)
);
create index claim_transfer_item_claim on commerce.claim_transfer_item (claim_id);
select yagura.tenant_table('commerce.claim_transfer_item');

-- What accounting has been told of a document, by account: only the difference goes into the next export.
create table commerce.journal_position (
  organisation_id uuid not null,
  document text not null,
  posted jsonb not null,
  primary key (document)
);
create index journal_position_organisation on commerce.journal_position (organisation_id);
select yagura.tenant_table('commerce.journal_position');

create table commerce.journal_export (
  id uuid primary key,
  -- First day of the calendar month.
  month date not null unique,
  csv text not null,
  sha256 text not null,
  entries integer not null,
  lines integer not null,
  total bigint not null,
  made_by text not null,
  made_at timestamptz not null
);
select yagura.provider_table('commerce.journal_export');
