WITH calls AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($moments::TIMESTAMP[]) AS called_at),
logged AS NOT MATERIALIZED (
    SELECT l.business_id, l.entity, l.qbo_id, l.log_position, l.observed_at, l.direction, c.called_at
    FROM {integration_log} l JOIN calls c ON c.business_id = l.business_id
    WHERE l.operation = 'upsert' AND l.entity IN (SELECT unnest($entities::VARCHAR[])) AND l.observed_at <= $known_at
), moved AS (
    SELECT l.business_id, l.entity, l.qbo_id, count(*) AS times FROM logged l WHERE l.observed_at >= l.called_at
    GROUP BY l.business_id, l.entity, l.qbo_id HAVING bool_or(l.direction = 'INBOUND')
), changed AS (
    -- Records logged once are the most: left out before their versions are put in order, which takes the longest.
    SELECT m.business_id, m.entity, m.qbo_id FROM moved m WHERE m.times > 1
    UNION SELECT l.business_id, l.entity, l.qbo_id
    FROM logged l JOIN moved m ON m.business_id = l.business_id AND m.entity = l.entity AND m.qbo_id = l.qbo_id
    WHERE l.observed_at < l.called_at
), versions AS (
    SELECT l.business_id, l.entity, l.qbo_id, l.log_position, l.observed_at, l.called_at,
        lag(l.log_position) OVER (PARTITION BY l.business_id, l.entity, l.qbo_id ORDER BY l.log_position) AS before
    FROM logged l JOIN changed m ON m.business_id = l.business_id AND m.entity = l.entity AND m.qbo_id = l.qbo_id
), pairs AS (SELECT * FROM versions WHERE before IS NOT NULL AND observed_at >= called_at)
SELECT p.business_id, p.entity, p.qbo_id, p.observed_at, CASE
    WHEN json_extract(n.raw, $parts::VARCHAR[]) IS DISTINCT FROM json_extract(b.raw, $parts::VARCHAR[])
    THEN [b.raw, n.raw] END AS texts
FROM pairs p JOIN {integration_log} n ON n.log_position = p.log_position JOIN {integration_log} b ON b.log_position = p.before
ORDER BY p.business_id, p.entity, p.qbo_id, p.log_position
