WITH after AS (
    SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($positions::BIGINT[]) AS log_position
), cards AS (
    SELECT a.advisor_id, a.business_id, a.entity, a.qbo_id FROM {balances} a WHERE a.account_type = 'Credit Card'
), changed AS (
    SELECT DISTINCT c.advisor_id, l.business_id, l.entity, l.qbo_id, h.log_position
    FROM {integration_log} l JOIN after h ON h.business_id = l.business_id AND l.log_position > h.log_position
    JOIN cards c ON c.business_id = l.business_id AND c.entity = l.entity AND c.qbo_id = l.qbo_id
    WHERE l.observed_at <= $known_at
)
SELECT c.advisor_id, c.business_id, c.entity, c.qbo_id, l.raw
FROM changed c LEFT JOIN {integration_log} l
    ON l.business_id = c.business_id AND l.entity = c.entity AND l.qbo_id = c.qbo_id AND l.log_position <= c.log_position
QUALIFY row_number() OVER (PARTITION BY c.business_id, c.entity, c.qbo_id ORDER BY l.log_position DESC) = 1
