-- What pairs of endpoints said by which protocol and port, summed by the hour, by six hours and by the day in one table: maps,
-- rankings and comparisons add up a span from the longest pieces that fit in it, and read few rows and few columns for that.
-- `step` is hours; pieces are counted from midnight UTC. One table and one view: an upload
-- costs one more part, whatever the steps.

create table if not exists {table:ot_pair} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  step UInt8 CODEC(ZSTD(1)),
  moment DateTime('UTC') CODEC(ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(T64, LZ4),
  last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(T64, LZ4),
  packets_out SimpleAggregateFunction(sum, UInt64) CODEC(T64, LZ4),
  bytes_out SimpleAggregateFunction(sum, UInt64) CODEC(T64, LZ4),
  packets_in SimpleAggregateFunction(sum, UInt64) CODEC(T64, LZ4),
  bytes_in SimpleAggregateFunction(sum, UInt64) CODEC(T64, LZ4),
  connections SimpleAggregateFunction(sum, UInt64) CODEC(T64, LZ4)
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(moment)
order by (organisation, device, step, moment, client, server, protocol, port)
settings {durable};
{distributed:ot_pair:cityHash64(device)}

-- What is stored already, out of the sums that are kept longest. Every statement of a migration may be repeated after a crash:
-- so the view comes last, and what an attempt before has carried over goes first.
drop view if exists {view:ot_pair_of_hour};
truncate table {table:ot_pair};

insert into ot_pair (organisation, device, step, moment, client, server, protocol, port, first_at, last_at,
  packets_out, bytes_out, packets_in, bytes_in, connections)
select organisation, device, 24, day, client, server, protocol, port, first_at, last_at,
  packets_out, bytes_out, packets_in, bytes_in, connections
from ot_conversation_day
settings insert_deduplicate = 0, distributed_foreground_insert = 1;

insert into ot_pair (organisation, device, step, moment, client, server, protocol, port, first_at, last_at,
  packets_out, bytes_out, packets_in, bytes_in, connections)
select organisation, device, 6, toDateTime(intDiv(toUInt32(hour), 21600) * 21600, 'UTC'), client, server, protocol, port,
  first_at, last_at, packets_out, bytes_out, packets_in, bytes_in, connections
from ot_conversation_hour
settings insert_deduplicate = 0, distributed_foreground_insert = 1;

insert into ot_pair (organisation, device, step, moment, client, server, protocol, port, first_at, last_at,
  packets_out, bytes_out, packets_in, bytes_in, connections)
select organisation, device, 1, hour, client, server, protocol, port, first_at, last_at,
  packets_out, bytes_out, packets_in, bytes_in, connections
from ot_conversation_hour
settings insert_deduplicate = 0, distributed_foreground_insert = 1;

-- Out of what each upload adds to the sums by the hour, which are fewer rows than it has itself.
create materialized view if not exists {view:ot_pair_of_hour} to {local:ot_pair} as
select
  s.organisation as organisation,
  s.device as device,
  step,
  toDateTime(intDiv(toUInt32(s.hour), 3600 * step) * 3600 * step, 'UTC') as moment,
  s.client as client,
  s.server as server,
  s.protocol as protocol,
  s.port as port,
  min(s.first_at) as first_at,
  max(s.last_at) as last_at,
  sum(s.packets_out) as packets_out,
  sum(s.bytes_out) as bytes_out,
  sum(s.packets_in) as packets_in,
  sum(s.bytes_in) as bytes_in,
  sum(s.connections) as connections
from {local:ot_conversation_hour} as s
array join [toUInt8(1), toUInt8(6), toUInt8(24)] as step
group by organisation, device, step, moment, client, server, protocol, port;
