-- Experience monitoring: the terms until 2023-07-31 (EXP-v1) and from 2023-08-01 (EXP-v2), read from one comparison table.
-- Quotas count by the version in force on the moment of the change (EXP-17 to EXP-20, EXP-24).
-- Row-level security holds for the owner of the tables too: only the provider writes terms.
set local role yagura_provider;

insert into commerce.service_version (id, service, code, in_force, source_document, text_hash, labels) values
  ('0189a0f0-0000-7000-8000-000000000001', 'experience', 'EXP-v1', daterange(null, '2023-08-01'),
   'お客さま体感品質モニタリング・スマート契約約款 現改比較表（～2023年7月31日）',
   '2bf6d7bd06b2a0ba21ebd2ed4e5bc5042e813a8edfba60551ca27d52a8e79ed4',
   '{"agent": {"ja": "モニタリング装置", "en": "monitoring device"},
     "target": {"ja": "モニタリング対象", "en": "monitored target"},
     "dashboard": {"ja": "モニタリング結果参照サイト", "en": "result site"},
     "tenant": {"ja": "グループ", "en": "group"},
     "session": {"ja": "モニタリング", "en": "monitoring"}}'),
  ('0189a0f0-0000-7000-8000-000000000002', 'experience', 'EXP-v2', daterange('2023-08-01', null),
   'お客さま体感品質モニタリング・スマート契約約款 現改比較表（2023年8月1日～）',
   '2bf6d7bd06b2a0ba21ebd2ed4e5bc5042e813a8edfba60551ca27d52a8e79ed4',
   '{"agent": {"ja": "エージェント", "en": "agent"},
     "target": {"ja": "ターゲット", "en": "target"},
     "dashboard": {"ja": "ダッシュボード", "en": "dashboard"},
     "tenant": {"ja": "テナント", "en": "tenant"},
     "session": {"ja": "セッション", "en": "session"}}');

insert into commerce.rule_parameter (version_id, key, value) values
  -- a.21(3): at most 10 targets for each device, nothing shared between devices.
  ('0189a0f0-0000-7000-8000-000000000001', 'quota', '{"rule": "EXP-17", "pooled": false, "targetsPerAgent": 10}'),
  -- a.21(3)-(5): 10 x agents targets in the tenant, as many sessions, spread over the agents at will.
  ('0189a0f0-0000-7000-8000-000000000002', 'quota', '{"rule": "EXP-18", "pooled": true, "targetsPerAgent": 10}'),
  -- a.5(3)/(4): the text that tells one PC from another.
  ('0189a0f0-0000-7000-8000-000000000001', 'label', '{"rule": "EXP-03", "characters": 15}'),
  ('0189a0f0-0000-7000-8000-000000000002', 'label', '{"rule": "EXP-03", "characters": 15}'),
  -- a.20(1): from the fee month of the start, or from the one after it, to the end of the fee month of the cancellation.
  ('0189a0f0-0000-7000-8000-000000000001', 'charge-period', '{"rule": "EXP-11", "startMonth": "FULL"}'),
  ('0189a0f0-0000-7000-8000-000000000002', 'charge-period', '{"rule": "EXP-12", "startMonth": "FREE"}');

reset role;
