-- Samples as they were measured, hourly sketches of them, and the times in which nothing was observed.
--
-- Codecs were chosen by measurement (npm run bench -- store): T64 cuts the unused high bits of 64 neighbours, ZSTD then codes
-- the rest close to its entropy; slot times are a straight line, so DoubleDelta leaves next to nothing of them.
-- A part holds one week: a retention limit then rewrites few parts, and the last hour of ten thousand sessions is found fast.
create table if not exists {table:experience_sample} (
  organisation UUID CODEC(ZSTD(1)),
  session UUID CODEC(ZSTD(1)),
  -- Scheduled slot in the server's time.
  at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  -- Actual send time minus slot, in steps of 100 µs.
  delay Int32 CODEC(T64, ZSTD(1)),
  -- Round trip, µs; 0 where there was no answer.
  rtt UInt32 CODEC(T64, ZSTD(1)),
  -- Indexes of `outcomes`, bits of `flags` and indexes of `methods` in src/wire/samples.ts.
  outcome UInt8 CODEC(ZSTD(1)),
  flags UInt8 CODEC(ZSTD(1)),
  method UInt8 CODEC(ZSTD(1)),
  -- Bound of the measuring error, µs.
  bound UInt16 CODEC(ZSTD(1)),
  -- Phases of HTTP, TCP and DNS, µs, and the HTTP status; 0 where there is none.
  resolve UInt32 CODEC(T64, ZSTD(1)),
  connect UInt32 CODEC(T64, ZSTD(1)),
  tls UInt32 CODEC(T64, ZSTD(1)),
  first_byte UInt32 CODEC(T64, ZSTD(1)),
  transfer UInt32 CODEC(T64, ZSTD(1)),
  status UInt16 CODEC(ZSTD(1))
) engine = {engine:MergeTree}
partition by toMonday(at)
order by (organisation, session, at)
settings {durable};
{distributed:experience_sample:cityHash64(session)}

-- One row for each session and hour. Percentiles are DDSketches (relative error 1 %), which merge without loss; rise, fall and
-- runs add up |difference| of successive round trips and the beginnings of loss runs, across inserts too.
create table if not exists {table:experience_hour} (
  organisation UUID CODEC(ZSTD(1)),
  session UUID CODEC(ZSTD(1)),
  hour DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  samples SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  sent SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  lost SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  late SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  refused SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  duplicate SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  reordered SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  answered SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  first_at SimpleAggregateFunction(min, DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
  last_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
  rtt_sum SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
  -- 4294967295 where nothing answered.
  rtt_min SimpleAggregateFunction(min, UInt32) CODEC(ZSTD(1)),
  rtt_max SimpleAggregateFunction(max, UInt32) CODEC(ZSTD(1)),
  rtt AggregateFunction(quantilesDD(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99), UInt32) CODEC(ZSTD(1)),
  rise AggregateFunction(deltaSumTimestamp, Int64, UInt64) CODEC(ZSTD(1)),
  fall AggregateFunction(deltaSumTimestamp, Int64, UInt64) CODEC(ZSTD(1)),
  runs AggregateFunction(deltaSumTimestamp, UInt8, UInt64) CODEC(ZSTD(1))
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(hour)
order by (organisation, session, hour)
settings {durable};
{distributed:experience_hour:cityHash64(session)}

create materialized view if not exists {view:experience_hour_of_sample} to {local:experience_hour} as
select
  s.organisation as organisation,
  s.session as session,
  toStartOfHour(s.at) as hour,
  count() as samples,
  countIf(s.outcome in (0, 1, 2, 3, 4, 6)) as sent,
  countIf(s.outcome in (1, 4, 6)) as lost,
  countIf(s.outcome = 2) as late,
  countIf(s.outcome = 3) as refused,
  countIf(bitTest(s.flags, 0)) as duplicate,
  countIf(bitTest(s.flags, 1)) as reordered,
  countIf(s.outcome in (0, 2, 3) and s.rtt > 0) as answered,
  min(s.at) as first_at,
  max(s.at) as last_at,
  sumIf(s.rtt, s.outcome in (0, 2, 3)) as rtt_sum,
  min(if(s.outcome in (0, 2, 3) and s.rtt > 0, s.rtt, 4294967295)) as rtt_min,
  maxIf(s.rtt, s.outcome in (0, 2, 3)) as rtt_max,
  quantilesDDStateIf(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)(s.rtt, s.outcome in (0, 2, 3) and s.rtt > 0) as rtt,
  deltaSumTimestampStateIf(toInt64(s.rtt), toUInt64(toUnixTimestamp64Micro(s.at)), s.outcome in (0, 2, 3) and s.rtt > 0) as rise,
  deltaSumTimestampStateIf(-toInt64(s.rtt), toUInt64(toUnixTimestamp64Micro(s.at)), s.outcome in (0, 2, 3) and s.rtt > 0) as fall,
  deltaSumTimestampState(toUInt8(s.outcome in (1, 4, 6)), toUInt64(toUnixTimestamp64Micro(s.at))) as runs
from {local:experience_sample} as s
group by organisation, session, hour;

-- The phases apart: most sessions have none.
create table if not exists {table:experience_phase_hour} (
  organisation UUID CODEC(ZSTD(1)),
  session UUID CODEC(ZSTD(1)),
  hour DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  resolve AggregateFunction(quantilesDD(0.01, 0.5), UInt32) CODEC(ZSTD(1)),
  connect AggregateFunction(quantilesDD(0.01, 0.5), UInt32) CODEC(ZSTD(1)),
  tls AggregateFunction(quantilesDD(0.01, 0.5), UInt32) CODEC(ZSTD(1)),
  first_byte AggregateFunction(quantilesDD(0.01, 0.5), UInt32) CODEC(ZSTD(1)),
  transfer AggregateFunction(quantilesDD(0.01, 0.5), UInt32) CODEC(ZSTD(1))
) engine = {engine:AggregatingMergeTree}
partition by toYYYYMM(hour)
order by (organisation, session, hour)
settings {durable};
{distributed:experience_phase_hour:cityHash64(session)}

create materialized view if not exists {view:experience_phase_hour_of_sample} to {local:experience_phase_hour} as
select
  s.organisation as organisation,
  s.session as session,
  toStartOfHour(s.at) as hour,
  quantilesDDStateIf(0.01, 0.5)(s.resolve, s.resolve > 0) as resolve,
  quantilesDDStateIf(0.01, 0.5)(s.connect, s.connect > 0) as connect,
  quantilesDDStateIf(0.01, 0.5)(s.tls, s.tls > 0) as tls,
  quantilesDDStateIf(0.01, 0.5)(s.first_byte, s.first_byte > 0) as first_byte,
  quantilesDDStateIf(0.01, 0.5)(s.transfer, s.transfer > 0) as transfer
from {local:experience_sample} as s
where s.resolve + s.connect + s.tls + s.first_byte + s.transfer > 0
group by organisation, session, hour;

create table if not exists {table:experience_gap} (
  organisation UUID CODEC(ZSTD(1)),
  session UUID CODEC(ZSTD(1)),
  from_at DateTime64(6, 'UTC') CODEC(ZSTD(1)),
  to_at DateTime64(6, 'UTC') CODEC(ZSTD(1)),
  -- Index of `gapReasons` in src/wire/samples.ts.
  reason UInt8 CODEC(ZSTD(1))
) engine = {engine:MergeTree}
partition by toYYYYMM(from_at)
order by (organisation, session, from_at)
settings {durable};
{distributed:experience_gap:cityHash64(session)}
