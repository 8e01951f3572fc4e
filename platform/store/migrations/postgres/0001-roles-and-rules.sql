-- Roles, and the functions by which every room puts its tables under row-level security.
--
-- yagura_app       one organisation at a time: sees rows whose organisation_id equals the setting yagura.organisation
-- yagura_provider  the provider's staff and the platform itself: sees every organisation
-- (the login)      owns everything and, because security is forced, sees no protected row unless it takes one of these roles

create function yagura.organisation() returns uuid
language sql stable parallel safe
-- The setting is an empty string, not null, once a connection has used it: both mean "no organisation".
return nullif(current_setting('yagura.organisation', true), '')::uuid;

create function yagura.open_schema(target regclass) returns void
language plpgsql as $$
declare
  place name := (select relnamespace::regnamespace::name from pg_class where oid = target);
begin
  execute format('grant usage on schema %I to yagura_app, yagura_provider', place);
  -- Sequences of serial and identity columns: needed to insert.
  execute format('grant usage, select on all sequences in schema %I to yagura_app, yagura_provider', place);
end $$;

-- A table of many organisations' rows; it has organisation_id uuid not null.
create function yagura.tenant_table(target regclass) returns void
language plpgsql as $$
begin
  if not exists (
    select from pg_attribute
    where attrelid = target and attname = 'organisation_id' and atttypid = 'uuid'::regtype and attnotnull
  ) then
    raise exception 'table % needs a column organisation_id uuid not null', target;
  end if;
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('drop policy if exists own_organisation on %s', target);
  execute format('drop policy if exists every_organisation on %s', target);
  execute format(
    'create policy own_organisation on %s to yagura_app using (organisation_id = (select yagura.organisation())) '
    'with check (organisation_id = (select yagura.organisation()))', target);
  execute format('create policy every_organisation on %s to yagura_provider using (true) with check (true)', target);
  execute format('grant select, insert, update, delete on %s to yagura_app, yagura_provider', target);
  perform yagura.open_schema(target);
end $$;

-- A table that customers never see.
create function yagura.provider_table(target regclass) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('drop policy if exists provider_only on %s', target);
  execute format('create policy provider_only on %s to yagura_provider using (true) with check (true)', target);
  execute format('revoke all on %s from yagura_app', target);
  execute format('grant select, insert, update, delete on %s to yagura_provider', target);
  perform yagura.open_schema(target);
end $$;

-- A table that every organisation may read and only the provider may write (price books, texts, versions).
create function yagura.shared_table(target regclass) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('drop policy if exists read_by_all on %s', target);
  execute format('drop policy if exists written_by_provider on %s', target);
  execute format('create policy read_by_all on %s for select to yagura_app using (true)', target);
  execute format('create policy written_by_provider on %s to yagura_provider using (true) with check (true)', target);
  execute format('grant select on %s to yagura_app', target);
  execute format('grant select, insert, update, delete on %s to yagura_provider', target);
  perform yagura.open_schema(target);
end $$;

-- The same by name, for migrations that read better with text.
create function yagura.tenant_table(target text) returns void language sql as $$ select yagura.tenant_table(target::regclass) $$;
create function yagura.provider_table(target text) returns void language sql as $$ select yagura.provider_table(target::regclass) $$;
create function yagura.shared_table(target text) returns void language sql as $$ select yagura.shared_table(target::regclass) $$;

grant usage on schema yagura to yagura_app, yagura_provider;
grant execute on function yagura.organisation() to yagura_app, yagura_provider;

-- Equality of a UUID beside a range, for "never two versions in force at once".
create extension if not exists btree_gist with schema public;
