SELECT l.business_id, l.entity, l.qbo_id, max(l.log_position) AS version, arg_max(l.observed_at, l.log_position) AS logged_at
FROM {integration_log} l JOIN (SELECT DISTINCT business_id, entity, qbo_id FROM wanted) w
    ON w.business_id = l.business_id AND w.entity = l.entity AND w.qbo_id = l.qbo_id
WHERE l.direction = 'INBOUND' AND l.observed_at <= $known_at
GROUP BY l.business_id, l.entity, l.qbo_id
