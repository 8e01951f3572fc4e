-- What customers owe, what they paid, and what was paid on which claim (COM-12, COM-13).
create table commerce.claim (
  id uuid primary key,
  organisation_id uuid not null,
  invoice_id uuid references commerce.invoice (id),
  service text not null,
  plan text not null,
  -- With tax, as issued. What is left is computed from the allocations.
  amount bigint not null,
  due_on date not null,
  -- Late interest itself bears none.
  bears_interest boolean not null default true,
  state text not null check (state in ('open', 'paid', 'cancelled', 'assigned')),
  created_at timestamptz not null
);
create index claim_organisation on commerce.claim (organisation_id, due_on, id);
create index claim_open on commerce.claim (due_on) where state = 'open';
select yagura.tenant_table('commerce.claim');

create table commerce.payment (
  id uuid primary key,
  organisation_id uuid not null,
  paid_on date not null,
  amount bigint not null check (amount > 0),
  -- transfer, direct-debit, operator, other.
  way text not null,
  reference text not null default '',
  source_key text unique,
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index payment_organisation on commerce.payment (organisation_id, paid_on, id);
select yagura.tenant_table('commerce.payment');

create table commerce.allocation (
  id uuid primary key,
  organisation_id uuid not null,
  payment_id uuid not null references commerce.payment (id),
  claim_id uuid not null references commerce.claim (id),
  amount bigint not null,
  allocated_at timestamptz not null
);
create index allocation_claim on commerce.allocation (claim_id);
create index allocation_payment on commerce.allocation (payment_id);
select yagura.tenant_table('commerce.allocation');
