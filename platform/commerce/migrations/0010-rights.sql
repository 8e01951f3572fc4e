-- What money hangs on, held by the database itself, whatever a handler does: who may write a table at all, what never changes once
-- it is written, and what goes with its organisation only. docs/security.md tells it in words.

-- Written by bill runs, by files of the bank or the operator, and by corrections: the office's transactions, never a customer's.
-- Deleting stays: the erasure of an organisation runs as the organisation.
revoke insert, update on commerce.claim_credit, commerce.interest_billed, commerce.reminder, commerce.debit_item,
  commerce.claim_transfer_item, commerce.journal_position, commerce.collection_task from yagura_app;
revoke insert on commerce.claim from yagura_app;
-- Previews of bill runs, proposals to suspend or cancel and what accounting was told are not for customers to read.
revoke select on commerce.bill_run_customer, commerce.bill_aside, commerce.collection_task, commerce.journal_position from yagura_app;
grant select (organisation_id) on commerce.bill_run_customer, commerce.bill_aside, commerce.journal_position to yagura_app;
-- Whether something is proposed stands on the page of what a customer owes; what and why does not.
grant select (organisation_id, state) on commerce.collection_task to yagura_app;

-- Written once, by whomever.
revoke update on commerce.contract_event, commerce.claim_credit, commerce.interest_billed, commerce.reminder, commerce.billed,
  commerce.invoice_pdf, commerce.certificate from yagura_app, yagura_provider;
revoke update, delete on commerce.terms_document, commerce.terms_change, commerce.bank_file, commerce.claim_transfer,
  commerce.journal_export, commerce.contract_transition from yagura_provider;
revoke delete on commerce.document_counter, commerce.bill_run, commerce.announcement, commerce.waiver, commerce.price_book,
  commerce.service_version from yagura_provider;

-- A request of a customer says so (platform/server/src/host.ts): the staff work on the same pages under the same role.
create function commerce.refuse_customer() returns trigger language plpgsql as $$
begin
  if current_setting('yagura.hand', true) = 'customer' then
    raise exception 'a customer does not write commerce.%', tg_table_name using errcode = '42501', constraint = 'not_by_customer';
  end if;
  return null;
end $$;
do $$
declare
  target text;
begin
  foreach target in array array['claim', 'payment', 'allocation', 'refund', 'certificate', 'bank_account', 'payer_name', 'dunning',
    'billing_choice', 'equipment', 'equipment_event', 'equipment_return']
  loop
    execute format('create trigger not_by_customer before insert or update or delete on commerce.%I '
      'for each statement execute function commerce.refuse_customer()', target);
  end loop;
end $$;

-- Facts: a customer's request may buy, ask for the end, end where nothing has to be checked, and name who speaks for the holders;
-- everything else is the office's.
create function commerce.keep_fact() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.voided_at is not null then
    raise exception 'a fact that was voided stays as it is' using errcode = '42501', constraint = 'fact_void_for_good';
  end if;
  if current_setting('yagura.hand', true) = 'customer' and new.kind not in ('cancellation-requested', 'cancelled')
    and (tg_op = 'UPDATE' or new.kind not in ('purchase', 'transferred')) then
    raise exception 'a fact of the kind % is not the customer''s', new.kind using errcode = '42501', constraint = 'not_by_customer';
  end if;
  return new;
end $$;
create trigger keep_fact before insert or update on commerce.contract_fact
  for each row execute function commerce.keep_fact();

-- What a claim or a payment was recorded as stays; how it stands (paid, credited, assigned, cleared, reversed) moves.
create function commerce.keep_recorded() returns trigger language plpgsql as $$
begin
  raise exception 'what was recorded in commerce.% does not change', tg_table_name using errcode = '42501', constraint = 'recorded_for_good';
end $$;
create trigger keep_claim before update on commerce.claim for each row
  when ((old.id, old.organisation_id, old.invoice_id, old.contract_id, old.number, old.service, old.plan, old.amount, old.due_on,
      old.bears_interest)
    is distinct from (new.id, new.organisation_id, new.invoice_id, new.contract_id, new.number, new.service, new.plan, new.amount,
      new.due_on, new.bears_interest))
  execute function commerce.keep_recorded();
create trigger keep_payment before update on commerce.payment for each row
  when ((old.id, old.organisation_id, old.paid_on, old.amount, old.way, old.reference, old.claim_id, old.source_key)
      is distinct from (new.id, new.organisation_id, new.paid_on, new.amount, new.way, new.reference, new.claim_id, new.source_key)
    or (old.reversed_on is not null and new.reversed_on is distinct from old.reversed_on))
  execute function commerce.keep_recorded();
create trigger keep_application before update on commerce.application for each row
  when ((old.id, old.organisation_id, old.service, old.plan, old.ordered_on)
      is distinct from (new.id, new.organisation_id, new.service, new.plan, new.ordered_on)
    or (old.sequence is not null and (new.sequence, new.received_at) is distinct from (old.sequence, old.received_at)))
  execute function commerce.keep_recorded();
create trigger keep_contract before update on commerce.contract for each row
  when ((old.id, old.organisation_id, old.service, old.plan, old.number, old.charged)
    is distinct from (new.id, new.organisation_id, new.service, new.plan, new.number, new.charged))
  execute function commerce.keep_recorded();

-- Lines are written with their document, in one transaction: nothing is added to one that was issued. (Replaces the check of 0006,
-- which asked for the document alone, at the same cost.)
create or replace function commerce.check_documents() returns trigger language plpgsql as $$
begin
  if exists (select from (select distinct invoice_id from added) a
    where (select i.xmin from commerce.invoice i where i.id = a.invoice_id) is distinct from pg_current_xact_id()::xid) then
    if exists (select from (select distinct invoice_id from added) a
      where (select i.id from commerce.invoice i where i.id = a.invoice_id) is null) then
      raise exception 'a line stands on a document' using errcode = '23503', constraint = 'invoice_line_document';
    end if;
    raise exception 'documents that were issued do not change' using errcode = '42501', constraint = 'document_immutable';
  end if;
  return null;
end $$;

-- The paper goes with its document, after seven years.
create trigger keep_invoice_pdf before delete on commerce.invoice_pdf
  for each row execute function commerce.keep_documents();

-- Rows that prove something go with their organisation only: the erasure says which one it erases, and nothing else deletes them.
create function commerce.erasure_only() returns trigger language plpgsql as $$
begin
  if exists (select from gone where organisation_id::text is distinct from current_setting('yagura.erasing', true)) then
    raise exception 'rows of commerce.% go with their organisation only', tg_table_name
      using errcode = '42501', constraint = 'erasure_only';
  end if;
  return null;
end $$;
do $$
declare
  target text;
begin
  foreach target in array array['customer', 'customer_change', 'evidence', 'quote', 'application', 'application_consent', 'contract',
    'contract_event', 'contract_fact', 'cancellation', 'change_order', 'contract_transfer', 'contract_holder', 'task',
    'billed', 'invoice_mail', 'claim', 'payment', 'refund', 'claim_credit', 'interest_billed', 'reminder', 'collection_task',
    'certificate', 'debit_item', 'claim_transfer_item', 'journal_position',
    'notice', 'notice_evidence', 'terms_consent', 'legal_case', 'legal_case_step',
    'seat', 'insured_device', 'ticket_allowance', 'equipment', 'equipment_event', 'equipment_return']
  loop
    execute format('create trigger erasure_only after delete on commerce.%I referencing old table as gone '
      'for each statement execute function commerce.erasure_only()', target);
  end loop;
end $$;
