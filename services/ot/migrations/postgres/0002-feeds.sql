-- Public facts that the provider loads: vendors by MAC prefix, end dates of systems, advisories, what is known to be exploited.
-- Read whole and kept in memory, so each kind is one row; the shipped tables stand in until it is there.
create table ot.feed (
  kind text primary key check (kind in ('oui', 'support', 'advisories', 'exploited')),
  loaded_at timestamptz not null,
  -- Names of the files of the newest loading.
  files text[] not null,
  row_count integer not null check (row_count >= 0),
  -- As services/ot/src/feeds/store.ts writes it: text, Zstandard.
  body bytea not null
);
select yagura.shared_table('ot.feed');
