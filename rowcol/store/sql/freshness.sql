SELECT b.business_id, p.entity, f.refreshed_at, p.fresh_seconds,
    m.marked_at IS NOT NULL AND (m.read_from IS NULL OR m.read_from < m.marked_at) AS marked
FROM {businesses} b JOIN entity_policy p ON p.advisor_id = b.advisor_id
    LEFT JOIN {entity_freshness} f ON f.business_id = b.business_id AND f.entity = p.entity
    LEFT JOIN {webhook_marks} m ON m.business_id = b.business_id AND m.entity = p.entity
WHERE b.disconnected_at IS NULL
ORDER BY b.business_id, p.entity
