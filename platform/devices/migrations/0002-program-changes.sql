-- When a device began to run another version of its program, as its health reports tell.
create table devices.program_change (
  device_id uuid not null references devices.device (id) on delete cascade,
  organisation_id uuid not null,
  at timestamptz not null,
  before text not null,
  after text not null,
  primary key (device_id, at)
);
create index on devices.program_change (organisation_id);
select yagura.tenant_table('devices.program_change');
