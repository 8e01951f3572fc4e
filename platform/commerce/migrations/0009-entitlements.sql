-- What a contract entitles to: seats, tickets, insurance registrations, and the equipment it rests on.
create table commerce.ticket_movement (
  id uuid primary key,
  organisation_id uuid not null,
  contract_id uuid not null references commerce.contract (id),
  item text not null,
  -- Positive: bought or included; negative: used.
  quantity integer not null check (quantity <> 0),
  on_day date not null,
  -- The support ticket that used them, or the purchase.
  reference text not null,
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index ticket_movement_contract on commerce.ticket_movement (contract_id, item, on_day);
select yagura.tenant_table('commerce.ticket_movement');
