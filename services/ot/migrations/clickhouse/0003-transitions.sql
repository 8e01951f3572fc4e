-- Order of functions: of each client, server and protocol, which function was asked for after which other one (OT-20). A sensor tells
-- a transition when it is new, then at most once an hour with its count, so there are few rows and no sums.
create table if not exists {table:ot_transition} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  from_code UInt32 CODEC(ZSTD(1)),
  to_code UInt32 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_transition:cityHash64(device)}
