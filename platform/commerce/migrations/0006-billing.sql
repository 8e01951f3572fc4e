-- Bill runs and documents. A document that was issued never changes: corrections are new documents (COM-11, COM-20).
create table commerce.bill_run (
  id uuid primary key,
  -- First day of the calendar month that is billed.
  month date not null check (extract(day from month) = 1),
  kind text not null check (kind in ('regular', 'ad-hoc', 're-rating')),
  -- computing: the preview is being made; ready: it waits for somebody to issue it; issuing: documents come into being.
  state text not null check (state in ('computing', 'ready', 'issuing', 'done', 'discarded')),
  -- Null: every customer.
  organisation_id uuid,
  -- Re-rating: months from here on are computed again.
  since date check (extract(day from since) = 1),
  issue_on date not null,
  -- Facts known at this moment (contract_fact.known_at) take part; later ones are for the next bill.
  facts_until timestamptz not null,
  -- State of the dated tables (commerce.tables_stamp) that the preview was computed with.
  tables_stamp uuid not null,
  started_by text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- How far the preview or the issue has come: the last organisation and contract that are done.
  cursor jsonb,
  -- When somebody last worked on it: a run left behind by a crash is taken up again.
  worked_at timestamptz not null,
  preview jsonb not null default '{}',
  issued jsonb not null default '{}',
  check (kind <> 'ad-hoc' or organisation_id is not null),
  check ((kind = 're-rating') = (since is not null))
);
create index bill_run_month on commerce.bill_run (month desc, started_at desc);
select yagura.provider_table('commerce.bill_run');

-- What the preview says of a customer: the bill beside the one of the month before, and why it differs.
create table commerce.bill_run_customer (
  run_id uuid not null references commerce.bill_run (id),
  organisation_id uuid not null,
  contracts integer not null,
  documents integer not null,
  last bigint not null,
  current bigint not null,
  reasons json not null,
  primary key (run_id, organisation_id)
);
select yagura.tenant_table('commerce.bill_run_customer');
revoke insert, update on commerce.bill_run_customer from yagura_app;

-- Contracts that could not be billed, with the reason: they never stop the others.
create table commerce.bill_aside (
  run_id uuid not null references commerce.bill_run (id),
  contract_id uuid not null,
  organisation_id uuid not null,
  contract text not null,
  -- A code of the error tables and its parameters.
  code text not null,
  ja text not null,
  en text not null,
  at timestamptz not null,
  resolved_at timestamptz,
  primary key (run_id, contract_id)
);
create index bill_aside_open on commerce.bill_aside (contract_id) where resolved_at is null;
select yagura.tenant_table('commerce.bill_aside');
revoke insert, update on commerce.bill_aside from yagura_app;

-- COM-20: a contract's month is billed once for each kind of run; written with the documents, in one transaction.
create table commerce.billed (
  contract_id uuid not null,
  month date not null check (extract(day from month) = 1),
  kind text not null check (kind in ('regular', 'ad-hoc', 're-rating')),
  organisation_id uuid not null,
  run_id uuid not null,
  facts_until timestamptz not null,
  constraint billed_once primary key (contract_id, month, kind)
);
select yagura.tenant_table('commerce.billed');
revoke insert, update on commerce.billed from yagura_app;

-- Numbers without a gap, by series and year: drawn in the transaction that writes the documents, given back with it.
create table commerce.document_counter (
  series text not null,
  year integer not null,
  last bigint not null,
  primary key (series, year)
);
select yagura.provider_table('commerce.document_counter');

create table commerce.invoice (
  id uuid primary key,
  organisation_id uuid not null,
  run_id uuid,
  number text not null constraint invoice_number_once unique,
  kind text not null check (kind in ('invoice', 'corrected', 'credit-note')),
  -- The document that this one corrects or credits.
  corrects_id uuid references commerce.invoice (id),
  month date not null,
  issued_on date not null,
  due_on date,
  net bigint not null,
  tax bigint not null,
  total bigint not null check (total = net + tax),
  -- Everything that stands on the paper: issuer, recipient, subtotals for each rate, notes. As text, so that it stays as it was.
  content json not null,
  issued_at timestamptz not null
);
create index invoice_organisation on commerce.invoice (organisation_id, month desc, id);
create index invoice_run on commerce.invoice (run_id, id) where run_id is not null;
-- One corrected document stands in the place of another; it can itself be corrected.
create unique index invoice_corrected_once on commerce.invoice (corrects_id) where kind = 'corrected';
create index invoice_corrects on commerce.invoice (corrects_id) where corrects_id is not null;
select yagura.tenant_table('commerce.invoice');
revoke insert, update on commerce.invoice from yagura_app;

create table commerce.invoice_line (
  -- Refers to commerce.invoice; see check_documents.
  invoice_id uuid not null,
  position integer not null,
  organisation_id uuid not null,
  -- Null: a line of the customer, not of a contract (late interest). Documents outlive contracts, so it points at none.
  contract_id uuid,
  -- Calendar month whose bill carries the line by the facts (an adjustment stands on a later document).
  bill_month date not null,
  -- ChargeLine.key and amount stand apart for comparing; the rest of the line is in `line`, as text.
  key text not null,
  kind text not null,
  item text not null,
  amount bigint not null,
  tax_class text not null,
  line json not null,
  primary key (invoice_id, position)
);
create index invoice_line_contract on commerce.invoice_line (contract_id, bill_month) where contract_id is not null;
select yagura.tenant_table('commerce.invoice_line');
revoke insert, update on commerce.invoice_line from yagura_app;

-- What a foreign key says, checked once for each statement: a run writes a thousand documents at a time, and a check for each
-- line took as long as writing it. The scalar subquery keeps it an index lookup, whatever the statistics say.
create function commerce.check_documents() returns trigger language plpgsql as $$
begin
  if exists (select from (select distinct invoice_id from added) a
    where (select i.id from commerce.invoice i where i.id = a.invoice_id) is null) then
    raise exception 'a line stands on a document' using errcode = '23503', constraint = 'invoice_line_document';
  end if;
  return null;
end $$;
create trigger check_documents after insert on commerce.invoice_line referencing new table as added
  for each statement execute function commerce.check_documents();

-- Kept as it was for seven years, whoever asks; older documents may go with their organisation (COM-11).
create function commerce.keep_documents() returns trigger language plpgsql as $$
declare
  issued date;
begin
  if tg_op = 'UPDATE' then
    raise exception 'documents that were issued do not change' using errcode = '42501', constraint = 'document_immutable';
  end if;
  if tg_table_name = 'invoice' then issued := old.issued_on;
  else select issued_on into issued from commerce.invoice where id = old.invoice_id;
  end if;
  if issued > (now() at time zone 'Asia/Tokyo')::date - interval '7 years' then
    raise exception 'documents are kept for seven years' using errcode = '42501', constraint = 'document_kept';
  end if;
  if tg_table_name = 'invoice' and exists (select from commerce.invoice_line where invoice_id = old.id) then
    raise exception 'a line stands on a document' using errcode = '23503', constraint = 'invoice_line_document';
  end if;
  return old;
end $$;
create trigger keep_invoice before update or delete on commerce.invoice
  for each row execute function commerce.keep_documents();
create trigger keep_invoice_line before update or delete on commerce.invoice_line
  for each row execute function commerce.keep_documents();

-- The paper as it was first rendered, with the hash of its bytes.
create table commerce.invoice_pdf (
  invoice_id uuid not null references commerce.invoice (id),
  language text not null check (language in ('ja', 'en')),
  organisation_id uuid not null,
  bytes bytea not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  rendered_at timestamptz not null,
  primary key (invoice_id, language)
);
select yagura.tenant_table('commerce.invoice_pdf');
revoke update on commerce.invoice_pdf from yagura_app;

-- At most one mail for a document.
create table commerce.invoice_mail (
  invoice_id uuid primary key references commerce.invoice (id),
  organisation_id uuid not null,
  mailed_at timestamptz not null,
  recipients integer not null
);
select yagura.tenant_table('commerce.invoice_mail');
revoke insert, update on commerce.invoice_mail from yagura_app;

-- How a customer wants to be billed (COM-28), where it differs from what the services' terms say.
create table commerce.billing_choice (
  organisation_id uuid primary key,
  unit text not null check (unit in ('service', 'contract', 'consolidated')),
  form text not null check (form in ('electronic', 'paper', 'debit-notice')),
  mail text,
  language text check (language in ('ja', 'en')),
  updated_at timestamptz not null
);
select yagura.tenant_table('commerce.billing_choice');

-- When the database learnt of a fact and of its being void: a bill run takes what was known at its moment, no more and no less.
-- Writers hold the lock shared while they write; who draws the line takes it alone, so that nothing slips in before the line
-- later. Not the time of the request: that may lie long before its commit.
alter table commerce.contract_fact
  add column known_at timestamptz not null default clock_timestamp(),
  add column void_known_at timestamptz;
create function commerce.stamp_fact() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(6006);
  if tg_op = 'INSERT' then new.known_at := clock_timestamp(); end if;
  if new.voided_at is not null and new.void_known_at is null then new.void_known_at := clock_timestamp(); end if;
  return new;
end $$;
create trigger stamp_fact before insert or update on commerce.contract_fact
  for each row execute function commerce.stamp_fact();
