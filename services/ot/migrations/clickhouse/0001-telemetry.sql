-- What sensors tell, row for row as they uploaded it (src/wire/metadata.ts), and its sums by hour and day.
--
-- `at` is the end of the upload's interval in the server's time: it is the same in all rows of an upload, so that one upload can
-- be put together again, and costs next to nothing. `first` and `last` are milliseconds before it. Endpoints are numbers
-- (src/ingest/endpoint-id.ts); PostgreSQL knows whose they are (ot.endpoint), so that devices can be joined and split later.
-- Keys begin with organisation and device: a site is asked for by the devices of its sensors.

create table if not exists {table:ot_batch} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  from_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  urgent UInt8 CODEC(ZSTD(1)),
  row_count UInt32 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_batch:cityHash64(device)}

-- rtt: 4294967295 where none was seen.
create table if not exists {table:ot_conversation} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  transport UInt8 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  packets_out UInt64 CODEC(T64, ZSTD(1)),
  bytes_out UInt64 CODEC(T64, ZSTD(1)),
  packets_in UInt64 CODEC(T64, ZSTD(1)),
  bytes_in UInt64 CODEC(T64, ZSTD(1)),
  connections UInt64 CODEC(T64, ZSTD(1)),
  refused UInt64 CODEC(T64, ZSTD(1)),
  unanswered UInt64 CODEC(T64, ZSTD(1)),
  retransmissions UInt64 CODEC(T64, ZSTD(1)),
  missing UInt64 CODEC(T64, ZSTD(1)),
  rtt UInt32 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_conversation:cityHash64(device)}

create table if not exists {table:ot_conversation_hour} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  hour DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  transport UInt8 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  packets_out SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  bytes_out SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets_in SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  bytes_in SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  connections SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  refused SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  unanswered SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  retransmissions SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  missing SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  rtt SimpleAggregateFunction(min, UInt32) CODEC(T64, ZSTD(1))
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(hour)
order by (organisation, device, hour, client, server, protocol, transport, port)
settings {durable};
{distributed:ot_conversation_hour:cityHash64(device)}

create materialized view if not exists {view:ot_conversation_hour_of_row} to {local:ot_conversation_hour} as
select
  s.organisation as organisation,
  s.device as device,
  toStartOfHour(s.at) as hour,
  s.client as client,
  s.server as server,
  s.transport as transport,
  s.port as port,
  s.protocol as protocol,
  min(s.at - toIntervalMillisecond(s.first)) as first_at,
  max(s.at - toIntervalMillisecond(s.last)) as last_at,
  sum(s.packets_out) as packets_out,
  sum(s.bytes_out) as bytes_out,
  sum(s.packets_in) as packets_in,
  sum(s.bytes_in) as bytes_in,
  sum(s.connections) as connections,
  sum(s.refused) as refused,
  sum(s.unanswered) as unanswered,
  sum(s.retransmissions) as retransmissions,
  sum(s.missing) as missing,
  min(s.rtt) as rtt
from {local:ot_conversation} as s
group by organisation, device, hour, client, server, transport, port, protocol;

create table if not exists {table:ot_conversation_day} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  day DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  transport UInt8 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  packets_out SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  bytes_out SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  packets_in SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  bytes_in SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  connections SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  refused SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  unanswered SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  retransmissions SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  missing SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  rtt SimpleAggregateFunction(min, UInt32) CODEC(T64, ZSTD(1))
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(day)
order by (organisation, device, day, client, server, protocol, transport, port)
settings {durable};
{distributed:ot_conversation_day:cityHash64(device)}

create materialized view if not exists {view:ot_conversation_day_of_row} to {local:ot_conversation_day} as
select
  s.organisation as organisation,
  s.device as device,
  toStartOfDay(s.at) as day,
  s.client as client,
  s.server as server,
  s.transport as transport,
  s.port as port,
  s.protocol as protocol,
  min(s.at - toIntervalMillisecond(s.first)) as first_at,
  max(s.at - toIntervalMillisecond(s.last)) as last_at,
  sum(s.packets_out) as packets_out,
  sum(s.bytes_out) as bytes_out,
  sum(s.packets_in) as packets_in,
  sum(s.bytes_in) as bytes_in,
  sum(s.connections) as connections,
  sum(s.refused) as refused,
  sum(s.unanswered) as unanswered,
  sum(s.retransmissions) as retransmissions,
  sum(s.missing) as missing,
  min(s.rtt) as rtt
from {local:ot_conversation} as s
group by organisation, device, day, client, server, transport, port, protocol;

-- low, high: 4294967296 and -1 where there is no address; unit: -1 where there is none.
create table if not exists {table:ot_command} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  code UInt32 CODEC(ZSTD(1)),
  object UInt32 CODEC(ZSTD(1)),
  low Int64 CODEC(T64, ZSTD(1)),
  high Int64 CODEC(T64, ZSTD(1)),
  unit Int64 CODEC(T64, ZSTD(1)),
  label LowCardinality(String) CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  requests UInt64 CODEC(T64, ZSTD(1)),
  responses UInt64 CODEC(T64, ZSTD(1)),
  errors UInt64 CODEC(T64, ZSTD(1)),
  events UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_command:cityHash64(device)}

create table if not exists {table:ot_command_hour} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  hour DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  code UInt32 CODEC(ZSTD(1)),
  object UInt32 CODEC(ZSTD(1)),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  requests SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  responses SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  errors SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  events SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  low SimpleAggregateFunction(min, Int64) CODEC(T64, ZSTD(1)),
  high SimpleAggregateFunction(max, Int64) CODEC(T64, ZSTD(1)),
  labels SimpleAggregateFunction(groupUniqArrayArray, Array(String)) CODEC(ZSTD(1))
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(hour)
order by (organisation, device, hour, client, server, protocol, port, code, object)
settings {durable};
{distributed:ot_command_hour:cityHash64(device)}

create materialized view if not exists {view:ot_command_hour_of_row} to {local:ot_command_hour} as
select
  s.organisation as organisation,
  s.device as device,
  toStartOfHour(s.at) as hour,
  s.client as client,
  s.server as server,
  s.port as port,
  s.protocol as protocol,
  s.code as code,
  s.object as object,
  min(s.at - toIntervalMillisecond(s.first)) as first_at,
  max(s.at - toIntervalMillisecond(s.last)) as last_at,
  sum(s.requests) as requests,
  sum(s.responses) as responses,
  sum(s.errors) as errors,
  sum(s.events) as events,
  min(s.low) as low,
  max(s.high) as high,
  groupUniqArrayIf(16)(toString(s.label), s.label != '') as labels
from {local:ot_command} as s
group by organisation, device, hour, client, server, port, protocol, code, object;

create table if not exists {table:ot_command_day} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  day DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  code UInt32 CODEC(ZSTD(1)),
  object UInt32 CODEC(ZSTD(1)),
  first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  requests SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  responses SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  errors SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  events SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  low SimpleAggregateFunction(min, Int64) CODEC(T64, ZSTD(1)),
  high SimpleAggregateFunction(max, Int64) CODEC(T64, ZSTD(1)),
  labels SimpleAggregateFunction(groupUniqArrayArray, Array(String)) CODEC(ZSTD(1))
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(day)
order by (organisation, device, day, client, server, protocol, port, code, object)
settings {durable};
{distributed:ot_command_day:cityHash64(device)}

create materialized view if not exists {view:ot_command_day_of_row} to {local:ot_command_day} as
select
  s.organisation as organisation,
  s.device as device,
  toStartOfDay(s.at) as day,
  s.client as client,
  s.server as server,
  s.port as port,
  s.protocol as protocol,
  s.code as code,
  s.object as object,
  min(s.at - toIntervalMillisecond(s.first)) as first_at,
  max(s.at - toIntervalMillisecond(s.last)) as last_at,
  sum(s.requests) as requests,
  sum(s.responses) as responses,
  sum(s.errors) as errors,
  sum(s.events) as events,
  min(s.low) as low,
  max(s.high) as high,
  groupUniqArrayIf(16)(toString(s.label), s.label != '') as labels
from {local:ot_command} as s
group by organisation, device, day, client, server, port, protocol, code, object;

create table if not exists {table:ot_identity} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  endpoint UInt64 CODEC(ZSTD(1)),
  attribute UInt8 CODEC(ZSTD(1)),
  value LowCardinality(String) CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_identity:cityHash64(device)}

create table if not exists {table:ot_binding} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  mac UInt64 CODEC(ZSTD(1)),
  vlan UInt16 CODEC(ZSTD(1)),
  address LowCardinality(String) CODEC(ZSTD(1)),
  kind UInt8 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_binding:cityHash64(device)}

create table if not exists {table:ot_lookup} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  name String CODEC(ZSTD(1)),
  type UInt16 CODEC(ZSTD(1)),
  outcome UInt8 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_lookup:cityHash64(device)}

-- period, jitter, longest: µs. code, object: -1 for the conversation as a whole.
create table if not exists {table:ot_cycle} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  code Int64 CODEC(T64, ZSTD(1)),
  object Int64 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  period UInt64 CODEC(T64, ZSTD(1)),
  jitter UInt64 CODEC(T64, ZSTD(1)),
  longest UInt64 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_cycle:cityHash64(device)}

create table if not exists {table:ot_weakness} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  client UInt64 CODEC(ZSTD(1)),
  server UInt64 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  kind UInt8 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_weakness:cityHash64(device)}

create table if not exists {table:ot_weird} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  source UInt64 CODEC(ZSTD(1)),
  destination UInt64 CODEC(ZSTD(1)),
  protocol UInt8 CODEC(ZSTD(1)),
  kind UInt8 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_weird:cityHash64(device)}

create table if not exists {table:ot_signature} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  source UInt64 CODEC(ZSTD(1)),
  destination UInt64 CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  rule UInt32 CODEC(ZSTD(1)),
  revision UInt16 CODEC(ZSTD(1)),
  first UInt32 CODEC(T64, ZSTD(1)),
  last UInt32 CODEC(T64, ZSTD(1)),
  count UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_signature:cityHash64(device)}

create table if not exists {table:ot_capture} (
  organisation UUID CODEC(ZSTD(1)),
  device UUID CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  packets UInt64 CODEC(T64, ZSTD(1)),
  bytes UInt64 CODEC(T64, ZSTD(1)),
  dropped UInt64 CODEC(T64, ZSTD(1)),
  duplicates UInt64 CODEC(T64, ZSTD(1)),
  truncated UInt64 CODEC(T64, ZSTD(1)),
  tagged UInt64 CODEC(T64, ZSTD(1)),
  two_way UInt64 CODEC(T64, ZSTD(1)),
  one_way UInt64 CODEC(T64, ZSTD(1)),
  tcp_bytes UInt64 CODEC(T64, ZSTD(1)),
  tcp_missing UInt64 CODEC(T64, ZSTD(1)),
  broadcasts UInt64 CODEC(T64, ZSTD(1)),
  unicasts UInt64 CODEC(T64, ZSTD(1)),
  malformed UInt64 CODEC(T64, ZSTD(1)),
  undissected UInt64 CODEC(T64, ZSTD(1)),
  payloads UInt64 CODEC(T64, ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, device, at)
settings {durable};
{distributed:ot_capture:cityHash64(device)}
