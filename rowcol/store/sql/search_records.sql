WITH matching AS (
    SELECT DISTINCT l.business_id, l.entity, l.qbo_id FROM {integration_log} l
    WHERE l.direction = 'INBOUND' AND l.business_id = $business_id AND l.entity IN (SELECT unnest($entities::VARCHAR[]))
        AND l.observed_at <= $known_at AND ($words = '' OR l.qbo_id = $words OR (contains(lower(l.raw), lower($written))
            AND list_bool_or(list_transform(['$.DocNumber', '$.DisplayName', '$.CompanyName', '$.Name', '$.FullyQualifiedName', '$.VendorRef.name',
                '$.CustomerRef.name', '$.EntityRef.name'], lambda part: contains(lower(json_extract_string(l.raw, part)), lower($words))))))
), newest AS (
    SELECT l.business_id, l.entity, l.qbo_id, count(*) AS versions, max(l.observed_at) AS seen_at,
        arg_max(l.operation, l.log_position) AS operation, max(l.log_position) AS log_position,
        max(l.log_position) FILTER (l.operation = 'upsert') AS upsert_position
    FROM {integration_log} l JOIN matching m ON m.business_id = l.business_id AND m.entity = l.entity AND m.qbo_id = l.qbo_id
    WHERE l.direction = 'INBOUND' AND l.observed_at <= $known_at
    GROUP BY l.business_id, l.entity, l.qbo_id
), counted AS (SELECT *, count(*) OVER () AS total FROM newest ORDER BY log_position DESC LIMIT $most)
SELECT c.entity, c.qbo_id, c.versions, c.seen_at, c.operation, c.total, l.raw
FROM counted c LEFT JOIN {integration_log} l ON l.business_id = c.business_id AND l.log_position = c.upsert_position
ORDER BY c.log_position DESC
