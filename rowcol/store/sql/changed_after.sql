WITH after AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($positions::BIGINT[]) AS log_position)
SELECT DISTINCT l.business_id, l.entity, l.qbo_id
FROM {integration_log} l JOIN after h ON h.business_id = l.business_id AND l.log_position > h.log_position
WHERE l.observed_at <= $known_at
    AND l.entity IN (SELECT unnest($entities::VARCHAR[]))
ORDER BY l.business_id, l.entity, l.qbo_id
