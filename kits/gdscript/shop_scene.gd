extends Control
## A shop of one screen: add it to a scene, start `gateway demo`, and give it the address and a token
## that the demo prints.

@export var url := "http://127.0.0.1:8000/graphql"
@export var player := "demo"
@export var token := ""

var gateway: LiveOps

var _news := Label.new()
var _list := VBoxContainer.new()
var _is_reading := false


func _ready() -> void:
	var column := VBoxContainer.new()
	column.set_anchors_and_offsets_preset(PRESET_FULL_RECT, PRESET_MODE_MINSIZE, 16)
	var scroll := ScrollContainer.new()
	scroll.size_flags_vertical = SIZE_EXPAND_FILL
	_list.size_flags_horizontal = SIZE_EXPAND_FILL
	scroll.add_child(_list)
	column.add_child(_news)
	column.add_child(scroll)
	add_child(column)
	var options := LiveOps.Options.new()
	options.url = url
	options.player = player
	# A game of yours asks its own accounts here, and for a new token after a rejected one.
	options.token = func(_is_rejected: bool) -> Variant: return token if token else null
	options.http = LiveOps.Http.new(self)
	options.on_settled = _on_settled
	options.on_waiting = _on_waiting
	gateway = LiveOps.new(options)
	gateway.start()
	gateway.chains_changed(_on_change, refresh)
	refresh()


func _notification(what: int) -> void:
	if what == NOTIFICATION_APPLICATION_RESUMED and gateway != null:
		gateway.resumed()
		refresh()


## Read the screen and draw it.
func refresh() -> void:
	if _is_reading:
		return
	_is_reading = true
	var answer: LiveOps.Answer = await gateway.home()
	_is_reading = false
	if answer.data == null:
		_news.text = "The shop cannot be reached (%s)." % answer.errors[0].code
		return
	_news.text = "What you saw last: there is no network." if answer.is_stale else ""
	_draw_chains(answer.data)


func _draw_chains(home: LiveOps.HomeData) -> void:
	for child in _list.get_children():
		child.queue_free()
	for chain in home.viewer.offer_chains:
		var title := Label.new()
		title.text = "%s — %d %%" % [chain.name, chain.progress_percent]
		_list.add_child(title)
		for step in chain.steps:
			_list.add_child(_step(chain, step))


func _step(chain: LiveOps.HomeViewerOfferChains, step: LiveOps.HomeViewerOfferChainsSteps) -> Button:
	var names: Array = step.items.map(
		func(item: LiveOps.HomeViewerOfferChainsStepsItems) -> String:
			return "%d × %s" % [item.quantity, item.name]
	)
	var button := Button.new()
	button.text = "%d. %s" % [step.number, ", ".join(names)]
	button.disabled = step.state != LiveOps.StepState.AVAILABLE
	if step.state == LiveOps.StepState.CLAIMED:
		button.text += " ✓"
	elif not step.is_free and step.price != null:
		button.text += " — %s %s" % [step.price.amount, step.price.currency]
	button.pressed.connect(_take.bind(chain, step, button))
	return button


func _take(
	chain: LiveOps.HomeViewerOfferChains, step: LiveOps.HomeViewerOfferChainsSteps, button: Button
) -> void:
	button.disabled = true
	if step.is_free:
		gateway.claim_offer(step.id, chain.schedule.cycle)
	else:
		gateway.buy_offer(step.id, chain.schedule.cycle)


func _on_settled(settlement: LiveOps.Settlement) -> void:
	if settlement.outcome != "done":
		_news.text = "It was not done: %s" % ", ".join(settlement.codes)
	elif settlement.order_id:
		var bought: Variant = settlement.data
		if bought is LiveOps.BuyOfferData:
			OS.shell_open(bought.order_offer_chain_step.order.payment_url)
		_watch(settlement.order_id)
	refresh()


func _watch(order: String) -> void:
	_news.text = "Waiting for your payment …"
	var end: String = await gateway.watch_order(order, _on_order)
	if end == "open":
		_news.text = "The order is not paid yet."
	refresh()


func _on_order(order: Dictionary) -> void:
	if order.isTerminal:
		_news.text = "It has arrived!" if order.status == "DONE" else "The order was canceled."


func _on_waiting(_intent: LiveOps.Intent, code: String, seconds: float) -> void:
	_news.text = "It is kept, and sent again in %d seconds (%s)." % [seconds, code]


func _on_change(_answer: LiveOps.Answer) -> void:
	refresh()
