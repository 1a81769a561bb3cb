WITH calls AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($moments::TIMESTAMP[]) AS called_at),
touched AS (
    SELECT DISTINCT l.business_id, l.entity, l.qbo_id, c.called_at FROM {integration_log} l JOIN calls c ON c.business_id = l.business_id
    WHERE l.direction = 'INBOUND' AND l.entity IN (SELECT unnest($entities::VARCHAR[]))
        AND l.observed_at > c.called_at AND l.observed_at <= $known_at
), ends AS (
    SELECT t.business_id, t.entity, t.qbo_id, max(l.log_position) FILTER (l.observed_at <= t.called_at) AS first_position,
        max(l.log_position) AS last_position, max(l.log_position) FILTER (l.operation = 'upsert') AS upsert_position,
        arg_max(l.observed_at, l.log_position) AS changed_at
    FROM touched t JOIN {integration_log} l ON l.business_id = t.business_id AND l.entity = t.entity AND l.qbo_id = t.qbo_id
    WHERE l.direction = 'INBOUND' AND l.observed_at <= $known_at
    GROUP BY t.business_id, t.entity, t.qbo_id
)
SELECT e.business_id, e.entity, e.qbo_id, e.changed_at, e.first_position IS NOT NULL AS known,
    e.last_position = e.upsert_position AS here, b.raw AS raw_before, s.raw AS raw
FROM ends e
LEFT JOIN {integration_log} b ON b.log_position = e.first_position
JOIN {integration_log} s ON s.log_position = e.upsert_position
ORDER BY e.business_id, e.entity, e.qbo_id
