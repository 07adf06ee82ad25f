"""What parties are told, in plain words: what a stage means, and which steps of others they may know of."""

from collections.abc import Mapping
from types import MappingProxyType

from casework.deadlines.citations import Words

STAGE_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "registered": Words(
            "您的申请已经登记，工作人员正在核对并安排下一步。",
            "Registered. The office is looking at it and arranges what comes next.",
        ),
        "transferred": Words("案件已转给办理单位。", "The case was passed to the body that handles it."),
        "referred_out": Words(
            "已书面告知您其他途径，请按告知书办理。", "You were told in writing of another way; follow that paper."
        ),
        "neg_requested": Words(
            "一方要求协商，正在等对方答复。", "One side asked to negotiate; the other is to answer."
        ),
        "neg_running": Words("双方正在协商，可以自行谈，也可以请人帮助。", "You are negotiating, alone or with help."),
        "neg_settled": Words(
            "双方已经和解，请按和解协议履行。", "You settled; both sides now do what the settlement says."
        ),
        "neg_refused": Words(
            "对方不愿协商，可以申请调解或者仲裁。",
            "The other side does not want to negotiate; mediation or arbitration are open.",
        ),
        "neg_failed": Words(
            "协商没有谈成，可以申请调解或者仲裁。", "The negotiation failed; mediation or arbitration are open."
        ),
        "med_received": Words(
            "调解组织收到了申请，正在征询对方意见并决定是否受理。",
            "The mediation organisation has the application and asks the other side.",
        ),
        "med_not_accepted": Words("没有受理调解，可以申请仲裁。", "Mediation was not accepted; arbitration is open."),
        "med_running": Words("调解员正在调解，请按通知参加。", "A mediator is at work; come when you are invited."),
        "med_extended": Words("经双方同意，调解时间延长了。", "Both sides agreed to give mediation more time."),
        "med_agreed": Words(
            "达成了调解协议，双方、调解员签名并盖章后生效。",
            "There is a mediation agreement; it takes effect once everybody has signed and sealed it.",
        ),
        "med_failed": Words(
            "调解没有成功，可以申请仲裁，请注意时效。",
            "Mediation failed; arbitration is open, mind the limitation period.",
        ),
        "med_withdrawn": Words("调解申请已经撤回。", "The application for mediation was withdrawn."),
        "rev_applied": Words(
            "双方共同申请仲裁审查，仲裁院正在审查是否受理。",
            "You applied for arbitration review together; the institution decides on it.",
        ),
        "rev_accepted": Words("仲裁院正在审查调解协议。", "The arbitration institution is reviewing the agreement."),
        "rev_issued": Words(
            "仲裁调解书已经作出，双方签收后生效，可以申请强制执行。",
            "The arbitral mediation document is made; once both have signed for it, it can be enforced.",
        ),
        "rev_refused": Words(
            "仲裁院决定不制作调解书，可以就争议申请仲裁。", "No mediation document is made; arbitration is open."
        ),
        "rev_not_accepted": Words(
            "审查申请没有受理，请看通知书写明的原因。", "The review was not accepted; the notice says why."
        ),
        "rev_withdrawn": Words("审查申请已经撤回。", "The application for review was withdrawn."),
        "jc_applied": Words(
            "双方共同申请司法确认，正在等法院答复。",
            "You applied for judicial confirmation together; the court will answer.",
        ),
        "jc_confirmed": Words(
            "法院裁定协议有效，一方不履行的，可以申请强制执行。",
            "The court confirmed the agreement; it can be enforced.",
        ),
        "jc_rejected": Words(
            "法院没有确认协议，可以重新调解或者申请仲裁。",
            "The court did not confirm it; mediate again or apply for arbitration.",
        ),
        "perf_running": Words(
            "正在履行协议，请按约定的日期和金额付款。",
            "The agreement is being performed: pay what was agreed on the agreed days.",
        ),
        "perf_done": Words("协议已经履行完毕。", "The agreement was performed."),
        "perf_breach": Words(
            "协议没有按期履行，可以采取告知书写明的办法。",
            "The agreement was not performed in time; the paper says what can be done.",
        ),
        "po_applied": Words("已经向法院申请支付令。", "A payment order was applied for."),
        "po_issued": Words(
            "法院发出了支付令，债务人应当清偿或者书面提出异议。",
            "The court issued a payment order: pay or object in writing.",
        ),
        "po_ended": Words("支付令程序已经结束。", "The payment order procedure is over."),
        "arb_handed_over": Words(
            "已告知您申请仲裁的权利和地点。", "You were told of your right to arbitration and where to apply."
        ),
        "arb_accepted": Words("仲裁委员会已经受理。", "Accepted for arbitration."),
        "arb_closed": Words("仲裁已经结案。", "The arbitration is closed."),
        "litigation": Words("已经进入诉讼。", "The matter is before a court."),
        "enforcement": Words("已经引导申请强制执行。", "Enforcement is under way."),
        "withdrawn": Words("申请已经撤回，可以依法再次申请。", "Withdrawn; you may apply again."),
        "closed": Words("案件已经办结。", "The case is closed."),
        "archived": Words("案件已经办结并归档。", "The case is closed and archived."),
    }
)

STEP_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "dispute/Task_check_intake": Words(
            "核对登记的内容，决定下一步", "Check what was registered and decide what comes next"
        ),
        "dispute/Task_offer_mediation": Words(
            "说明调解的好处，询问是否申请调解", "Explain mediation and ask whether you want it"
        ),
        "dispute/Task_appoint_organisation": Words("确定由哪个调解组织办理", "Choose the mediation organisation"),
        "dispute/Task_choose_confirmation": Words(
            "询问双方用哪种方式确认协议效力", "Ask both sides how to confirm the agreement"
        ),
        "dispute/Task_renew_signatures": Words("补齐签名盖章", "Complete signatures and seal"),
        "dispute/Task_serve_leftovers": Words(
            "送达撤回前已经出具的审查文书", "Serve the papers of the review that were made before the withdrawal"
        ),
        "dispute/Task_inform_arbitration": Words("告知申请仲裁的权利", "Tell you of your right to arbitration"),
        "negotiation/Task_verify_complaint": Words(
            "用人单位核实内部申诉并答复", "The employer looks into the complaint and answers"
        ),
        "negotiation/Task_serve_request": Words(
            "把协商要求送达对方", "Serve the request to negotiate on the other side"
        ),
        "negotiation/Task_answer": Words(
            "被要求协商的一方答复是否协商", "The side that was asked answers whether it negotiates"
        ),
        "negotiation/Task_agree_term": Words(
            "双方书面约定协商到哪一天", "Both sides agree in writing until when they negotiate"
        ),
        "negotiation/Task_record_result": Words("双方协商，逐次记录", "Both sides negotiate; every round is recorded"),
        "negotiation/Task_draft_settlement": Words("拟写和解协议", "Write the settlement"),
        "negotiation/Task_sign_settlement": Words("双方签订和解协议", "Both sides sign the settlement"),
        "mediation/Task_register_application": Words("登记调解申请", "Register the application for mediation"),
        "mediation/Task_check_application": Words(
            "征询对方意见，决定是否受理", "Ask the other side and decide on acceptance"
        ),
        "mediation/Task_appoint_mediator": Words("指定调解员", "Appoint a mediator"),
        "mediation/Task_hold_sessions": Words("组织调解", "Mediate"),
        "mediation/Task_draft_agreement": Words("拟写调解协议", "Write the mediation agreement"),
        "mediation/Task_sign_agreement": Words(
            "双方和调解员签名、调解组织盖章", "Both sides and the mediator sign, the organisation puts its seal"
        ),
        "arbitration-review/Task_register_application": Words(
            "收取共同审查申请", "Receive the joint application for review"
        ),
        "arbitration-review/Task_await_second_sheet": Words("等另一方提交申请书", "Await the other side's application"),
        "arbitration-review/Task_await_correction": Words(
            "按补正通知书一次补齐材料", "Hand in everything the correction notice names"
        ),
        "arbitration-review/Task_decide_acceptance": Words(
            "决定是否受理审查申请", "Decide on the application for review"
        ),
        "arbitration-review/Task_review": Words("审查调解协议", "Review the agreement"),
        "arbitration-review/Task_serve_award": Words(
            "送达仲裁调解书，双方签收", "Serve the arbitral mediation document; both sign for it"
        ),
        "judicial-confirmation/Task_prepare_application": Words("准备共同申请材料", "Prepare the joint application"),
        "judicial-confirmation/Task_register_acceptance": Words(
            "等法院决定是否受理", "Await the court's decision on acceptance"
        ),
        "judicial-confirmation/Task_register_ruling": Words("等法院裁定", "Await the court's ruling"),
        "performance/Task_verify_performance": Words("核实协议是否履行", "Check whether the agreement was performed"),
        "performance/Task_explain_remedies": Words(
            "督促履行，告知可以采取的办法", "Urge performance and explain what can be done"
        ),
        "payment-order/Task_register_order_acceptance": Words(
            "等法院决定是否受理支付令申请", "Await the court's decision on the payment order"
        ),
        "payment-order/Task_register_debtor_answer": Words(
            "等债务人清偿或者提出异议", "Await payment or objection by the debtor"
        ),
    }
)
"""Process and element of a user task -> what a party is told of it. What is not here is the office's own affair."""
