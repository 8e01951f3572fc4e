-- Bill runs and documents. A document that was issued never changes: corrections are new documents (COM-11, COM-20).
create table commerce.bill_run (
  id uuid primary key,
  -- First day of the calendar month that is billed.
  month date not null check (extract(day from month) = 1),
  kind text not null check (kind in ('regular', 'ad-hoc')),
  state text not null check (state in ('running', 'done', 'failed')),
  started_by text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  counters jsonb not null default '{}'
);
select yagura.provider_table('commerce.bill_run');

create table commerce.invoice (
  id uuid primary key,
  organisation_id uuid not null,
  run_id uuid,
  number text not null unique,
  kind text not null check (kind in ('invoice', 'corrected', 'credit-note')),
  -- The document that this one corrects or credits.
  corrects_id uuid references commerce.invoice (id),
  month date not null,
  issued_on date not null,
  due_on date,
  net bigint not null,
  tax bigint not null,
  total bigint not null,
  -- Everything that stands on the paper: issuer, recipient, subtotals per rate, notes. Immutable.
  content jsonb not null,
  issued_at timestamptz not null
);
create index invoice_organisation on commerce.invoice (organisation_id, month desc, id);
select yagura.tenant_table('commerce.invoice');
revoke update on commerce.invoice from yagura_app;

create table commerce.invoice_line (
  id uuid primary key,
  organisation_id uuid not null,
  invoice_id uuid not null references commerce.invoice (id),
  contract_id uuid not null references commerce.contract (id),
  position integer not null,
  -- ChargeLine.key, feeMonth and amount stand apart for comparing; the whole line is in `line`.
  key text not null,
  fee_month date not null,
  kind text not null,
  item text not null,
  amount bigint not null,
  tax_class text not null,
  line jsonb not null,
  unique (invoice_id, position)
);
create index invoice_line_contract on commerce.invoice_line (contract_id, fee_month, key);
select yagura.tenant_table('commerce.invoice_line');
revoke update on commerce.invoice_line from yagura_app;
