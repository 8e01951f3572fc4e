-- How many devices the whole installation has, and how often their agents therefore upload. An organisation sees only its own
-- devices: the count is made by a job as the provider and shared here.
create table experience.fleet (
  single boolean primary key default true check (single),
  -- Enrolled and not revoked.
  devices integer not null check (devices >= 0),
  -- Milliseconds between uploads.
  upload_ms integer not null check (upload_ms between 200 and 600000),
  counted_at timestamptz not null
);
select yagura.shared_table('experience.fleet');
