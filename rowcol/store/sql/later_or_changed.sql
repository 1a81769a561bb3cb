WITH funds AS (
    -- Where money received goes if its document does not say.
    SELECT a.business_id, min(a.qbo_id) AS account_id FROM {balances} a
    WHERE a.account_sub_type = 'UndepositedFunds' AND a.active GROUP BY a.business_id
), dated AS (
    -- Apart from those that changed: so only documents dated late are looked at.
    SELECT t.* FROM {transactions} t WHERE NOT t.voided AND t.txn_date > $since
    UNION ALL
    SELECT t.* FROM {transactions} t SEMI JOIN changed_documents c
        ON c.business_id = t.business_id AND c.entity = t.entity AND c.qbo_id = t.qbo_id
    WHERE NOT t.voided AND NOT coalesce(t.txn_date > $since, FALSE)
)
SELECT t.business_id, t.entity, t.qbo_id, t.txn_date, t.account_id, t.other_account_id, t.credit, t.total_cents,
    t.cash_back_account_id, t.cash_back_cents, t.exchange_rate, t.deposit_account_id, t.deposit_cents,
    f.account_id AS funds_id
FROM dated t LEFT JOIN funds f ON f.business_id = t.business_id
