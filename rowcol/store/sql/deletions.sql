WITH calls AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($moments::TIMESTAMP[]) AS called_at),
gone AS (
    SELECT l.business_id, l.entity, l.qbo_id, max(l.log_position) AS log_position, max(l.observed_at) AS deleted_at
    FROM {integration_log} l JOIN calls c ON c.business_id = l.business_id
    WHERE l.direction = 'INBOUND' AND l.operation = 'delete' AND l.entity IN (SELECT unnest($entities::VARCHAR[]))
        AND l.observed_at >= c.called_at AND l.observed_at <= $known_at
    GROUP BY l.business_id, l.entity, l.qbo_id
), lost AS (
    SELECT g.business_id, g.entity, g.qbo_id, g.deleted_at, max(l.log_position) FILTER (l.operation = 'upsert') AS log_position
    FROM gone g JOIN {integration_log} l
        ON l.business_id = g.business_id AND l.entity = g.entity AND l.qbo_id = g.qbo_id
    WHERE l.observed_at <= $known_at
    GROUP BY g.business_id, g.entity, g.qbo_id, g.deleted_at, g.log_position
    HAVING max(l.log_position) = g.log_position
)
SELECT d.business_id, d.entity, d.qbo_id, d.deleted_at, l.raw
FROM lost d JOIN {integration_log} l ON l.log_position = d.log_position
ORDER BY d.business_id, d.entity, d.qbo_id
