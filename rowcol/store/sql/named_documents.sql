WITH wanted AS (SELECT unnest($entities::VARCHAR[]) AS entity, unnest($qbo_ids::VARCHAR[]) AS qbo_id)
SELECT t.business_id, t.entity, t.qbo_id, t.doc_number, t.party_kind, t.party_id, t.party_name, t.total_cents
FROM {transactions} t JOIN wanted w ON w.entity = t.entity AND w.qbo_id = t.qbo_id
WHERE t.business_id = $business_id
ORDER BY t.entity, t.qbo_id
