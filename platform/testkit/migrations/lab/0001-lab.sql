-- Where the edge tests look for what was stored: one row a value.
create table if not exists {table:lab_value} (
  organisation UUID,
  device UUID,
  epoch String,
  sequence UInt64,
  value UInt32
) engine = {engine:MergeTree}
order by (organisation, device, value)
settings {durable};
{distributed:lab_value:cityHash64(device)}
