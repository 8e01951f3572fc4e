-- A table and its rollup as a service would make them; used by tests only.
CREATE TABLE IF NOT EXISTS {table:sample} (
  organisation UUID,
  at DateTime64(6, 'UTC'),
  value UInt32,
  delay Int32,
  kind LowCardinality(String)
) ENGINE = {engine:MergeTree} PARTITION BY toYYYYMM(at) ORDER BY (organisation, at) SETTINGS {durable};
{distributed:sample:cityHash64(organisation)}

CREATE TABLE IF NOT EXISTS {table:sample_hour} (
  organisation UUID,
  hour DateTime('UTC'),
  rows SimpleAggregateFunction(sum, UInt64)
) ENGINE = {engine:AggregatingMergeTree} ORDER BY (organisation, hour) SETTINGS {durable};
{distributed:sample_hour:cityHash64(organisation)}

CREATE MATERIALIZED VIEW IF NOT EXISTS {view:sample_hour_of_sample} TO {local:sample_hour} AS
  SELECT organisation, toStartOfHour(at) AS hour, count() AS rows FROM {local:sample} GROUP BY organisation, hour;
