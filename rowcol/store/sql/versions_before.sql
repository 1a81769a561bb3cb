WITH after AS (
    SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($positions::BIGINT[]) AS log_position
), changed AS (
    SELECT DISTINCT l.business_id, l.entity, l.qbo_id, h.log_position
    FROM {integration_log} l JOIN after h ON h.business_id = l.business_id AND l.log_position > h.log_position
    WHERE l.observed_at <= $known_at
        AND l.entity IN (SELECT unnest($entities::VARCHAR[]))
)
SELECT l.advisor_id, l.business_id, l.entity, l.qbo_id, l.raw
FROM {integration_log} l JOIN changed c
    ON c.business_id = l.business_id AND c.entity = l.entity AND c.qbo_id = l.qbo_id AND l.log_position <= c.log_position
QUALIFY row_number() OVER (PARTITION BY l.business_id, l.entity, l.qbo_id ORDER BY l.log_position DESC) = 1
