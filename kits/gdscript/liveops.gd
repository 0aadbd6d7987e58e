class_name LiveOps
extends RefCounted
## Client code for the gateway, made by `gateway client gdscript`. Make it anew instead of changing it.
## Godot 4.2 and newer, no other files.

## Why the player's chains changed, or may have changed. The set does not grow within a major
## version: what is added later is `OTHER` here.
enum ChangeReason {
	UNKNOWN,
	CLAIM,
	ORDER_PLACED,
	ORDER_PAID,
	ORDER_CANCELED,
	CLAN,
	OTHER,
}

## What the game calls a clan. The set does not grow within a major version: what is added
## later is `OTHER` here, and `clanTypeRaw` names it.
enum ClanType {
	UNKNOWN,
	CLAN,
	GUILD,
	FACTION,
	COMMUNITY,
	TEAM,
	SQUAD,
	ALLIANCE,
	ASSOCIATION,
	COALITION,
	UNION,
	GROUP,
	CIVILIZATIONS,
	DYNASTY,
	ORDER,
	LEAGUE,
	BROTHERHOOD,
	KINGDOM,
	ORGANIZATION,
	HOUSE,
	EMPIRE,
	TRIBE,
	CARTEL,
	OTHER,
}

## How a daily chain counts its days. The set does not grow within a major version: what is
## added later is `OTHER` here, and `typeRaw` names it.
enum DailyChainType {
	UNKNOWN,
	CALENDAR_HARD,
	ROLLING,
	OTHER,
}

## What the player has to do to make progress in a chain: the label of its main button. The
## set does not grow within a major version: what is added later is `OTHER` here.
enum NextAction {
	UNKNOWN,
	CLAIM,
	BUY,
	EARN_POINTS,
	JOIN_CLAN,
	SIGN_IN,
	WAIT,
	NONE,
	OTHER,
}

## The status of an order. The set does not grow within a major version: what is added later
## is `OTHER` here, and `statusRaw` names it.
enum OrderStatus {
	UNKNOWN,
	NEW,
	PAID,
	DONE,
	CANCELED,
	EXPIRED,
	OTHER,
}

## Whether paying moves real money. The set is complete: it does not grow within a major
## version.
enum PaymentMode {
	UNKNOWN,
	LIVE,
	SANDBOX,
}

## The phase of a chain's schedule. The set is complete: it does not grow within a major
## version.
enum Phase {
	UNKNOWN,
	UPCOMING,
	ACTIVE,
	ENDING_SOON,
	ENDED,
}

## How often a chain starts over. The set does not grow within a major version: what is added
## later is `OTHER` here, and `resetIntervalRaw` names it.
enum ResetInterval {
	UNKNOWN,
	HOURLY,
	WEEKLY,
	MONTHLY,
	OTHER,
}

## What the player can do with a step now. The set does not grow within a major version: what
## is added later is `OTHER` here.
enum StepState {
	UNKNOWN,
	LOCKED,
	AVAILABLE,
	CLAIMED,
	OTHER,
}

## Why something was not done. The set does not grow within a major version: what is added
## later is `OTHER` here.
enum UserErrorCode {
	UNKNOWN,
	INVALID_ID,
	NOT_FOUND,
	ALREADY_CLAIMED,
	STEP_LOCKED,
	STEP_MISSED,
	NOT_ENOUGH_POINTS,
	NOT_IN_CLAN,
	STEP_IS_PAID,
	STEP_IS_FREE,
	LIMIT_REACHED,
	NOT_FOR_SALE,
	CHAIN_ENDED,
	CYCLE_CHANGED,
	IN_PROGRESS,
	IDEMPOTENCY_CONFLICT,
	OUTCOME_UNKNOWN,
	UNAVAILABLE,
	REJECTED,
	OTHER,
}

const CHANGE_REASON_TEXTS := {
	"CLAIM": ChangeReason.CLAIM,
	"ORDER_PLACED": ChangeReason.ORDER_PLACED,
	"ORDER_PAID": ChangeReason.ORDER_PAID,
	"ORDER_CANCELED": ChangeReason.ORDER_CANCELED,
	"CLAN": ChangeReason.CLAN,
	"OTHER": ChangeReason.OTHER,
}
const CLAN_TYPE_TEXTS := {
	"CLAN": ClanType.CLAN,
	"GUILD": ClanType.GUILD,
	"FACTION": ClanType.FACTION,
	"COMMUNITY": ClanType.COMMUNITY,
	"TEAM": ClanType.TEAM,
	"SQUAD": ClanType.SQUAD,
	"ALLIANCE": ClanType.ALLIANCE,
	"ASSOCIATION": ClanType.ASSOCIATION,
	"COALITION": ClanType.COALITION,
	"UNION": ClanType.UNION,
	"GROUP": ClanType.GROUP,
	"CIVILIZATIONS": ClanType.CIVILIZATIONS,
	"DYNASTY": ClanType.DYNASTY,
	"ORDER": ClanType.ORDER,
	"LEAGUE": ClanType.LEAGUE,
	"BROTHERHOOD": ClanType.BROTHERHOOD,
	"KINGDOM": ClanType.KINGDOM,
	"ORGANIZATION": ClanType.ORGANIZATION,
	"HOUSE": ClanType.HOUSE,
	"EMPIRE": ClanType.EMPIRE,
	"TRIBE": ClanType.TRIBE,
	"CARTEL": ClanType.CARTEL,
	"OTHER": ClanType.OTHER,
}
const DAILY_CHAIN_TYPE_TEXTS := {
	"CALENDAR_HARD": DailyChainType.CALENDAR_HARD,
	"ROLLING": DailyChainType.ROLLING,
	"OTHER": DailyChainType.OTHER,
}
const NEXT_ACTION_TEXTS := {
	"CLAIM": NextAction.CLAIM,
	"BUY": NextAction.BUY,
	"EARN_POINTS": NextAction.EARN_POINTS,
	"JOIN_CLAN": NextAction.JOIN_CLAN,
	"SIGN_IN": NextAction.SIGN_IN,
	"WAIT": NextAction.WAIT,
	"NONE": NextAction.NONE,
	"OTHER": NextAction.OTHER,
}
const ORDER_STATUS_TEXTS := {
	"NEW": OrderStatus.NEW,
	"PAID": OrderStatus.PAID,
	"DONE": OrderStatus.DONE,
	"CANCELED": OrderStatus.CANCELED,
	"EXPIRED": OrderStatus.EXPIRED,
	"OTHER": OrderStatus.OTHER,
}
const PAYMENT_MODE_TEXTS := {
	"LIVE": PaymentMode.LIVE,
	"SANDBOX": PaymentMode.SANDBOX,
}
const PHASE_TEXTS := {
	"UPCOMING": Phase.UPCOMING,
	"ACTIVE": Phase.ACTIVE,
	"ENDING_SOON": Phase.ENDING_SOON,
	"ENDED": Phase.ENDED,
}
const RESET_INTERVAL_TEXTS := {
	"HOURLY": ResetInterval.HOURLY,
	"WEEKLY": ResetInterval.WEEKLY,
	"MONTHLY": ResetInterval.MONTHLY,
	"OTHER": ResetInterval.OTHER,
}
const STEP_STATE_TEXTS := {
	"LOCKED": StepState.LOCKED,
	"AVAILABLE": StepState.AVAILABLE,
	"CLAIMED": StepState.CLAIMED,
	"OTHER": StepState.OTHER,
}
const USER_ERROR_CODE_TEXTS := {
	"INVALID_ID": UserErrorCode.INVALID_ID,
	"NOT_FOUND": UserErrorCode.NOT_FOUND,
	"ALREADY_CLAIMED": UserErrorCode.ALREADY_CLAIMED,
	"STEP_LOCKED": UserErrorCode.STEP_LOCKED,
	"STEP_MISSED": UserErrorCode.STEP_MISSED,
	"NOT_ENOUGH_POINTS": UserErrorCode.NOT_ENOUGH_POINTS,
	"NOT_IN_CLAN": UserErrorCode.NOT_IN_CLAN,
	"STEP_IS_PAID": UserErrorCode.STEP_IS_PAID,
	"STEP_IS_FREE": UserErrorCode.STEP_IS_FREE,
	"LIMIT_REACHED": UserErrorCode.LIMIT_REACHED,
	"NOT_FOR_SALE": UserErrorCode.NOT_FOR_SALE,
	"CHAIN_ENDED": UserErrorCode.CHAIN_ENDED,
	"CYCLE_CHANGED": UserErrorCode.CYCLE_CHANGED,
	"IN_PROGRESS": UserErrorCode.IN_PROGRESS,
	"IDEMPOTENCY_CONFLICT": UserErrorCode.IDEMPOTENCY_CONFLICT,
	"OUTCOME_UNKNOWN": UserErrorCode.OUTCOME_UNKNOWN,
	"UNAVAILABLE": UserErrorCode.UNAVAILABLE,
	"REJECTED": UserErrorCode.REJECTED,
	"OTHER": UserErrorCode.OTHER,
}

const NETWORK := "NETWORK"
const FINAL_CODES: Array[String] = [
	"BAD_REQUEST",
	"BAD_USER_INPUT",
	"FORBIDDEN",
	"LIMIT_EXCEEDED",
	"GRAPHQL_PARSE_FAILED",
	"GRAPHQL_VALIDATION_FAILED",
	"DOCUMENT_NOT_TRUSTED",
	"INTROSPECTION_DISABLED",
]
const TOKEN_CODES: Array[String] = ["UNAUTHENTICATED", "TOKEN_EXPIRED"]
const UNKNOWN_DOCUMENT_CODES: Array[String] = [
	"PERSISTED_QUERY_NOT_FOUND",
	"PERSISTED_QUERY_NOT_SUPPORTED",
]
const OPEN_CODES: Array[String] = ["OUTCOME_UNKNOWN", "IN_PROGRESS"]
const REQUEST_SECONDS := 30
## How long the gateway remembers a key. After that, the same key would make another order.
const KEY_SECONDS := 86400
const LONGEST_PAUSE_SECONDS := 60
const SAMPLES := 8
## The gateway answers a ping at once.
const SILENCE_SECONDS := 40
const PING_SECONDS := 15
const STREAM_TRIES := 2
const WAIT_TRIES := 3
const READ_PAUSE_SECONDS := 3
const WATCH_SECONDS := 600

## The gateway's time, to count down by.
var clock: Clock

var _options: Options
var _tokens: Tokens
var _outbox: Outbox
var _unknown_documents: Dictionary = {}


func _init(options: Options) -> void:
	_options = options
	clock = Clock.new(options.time)
	_tokens = Tokens.new(options.token)
	_outbox = Outbox.new(self, options)


## Send what earlier runs of the game could not settle.
func start() -> void:
	_outbox.wake()


## Call this when the device has slept or the network may be back: at
## NOTIFICATION_APPLICATION_RESUMED.
func resumed() -> void:
	clock.forget()
	_outbox.online()


## What the player wants that is not settled yet, also of earlier runs: show it as such.
func pending() -> Array[Intent]:
	return _outbox.intents.duplicate()


## A query: the answer, or the last good one if none comes.
func query(operation: Operation, variables: Dictionary) -> Answer:
	var given := JSON.stringify(variables)
	var answer: Answer = await execute(operation, given)
	if operation.is_screen:
		answer = _screen(operation, given, answer)
	if answer.json.size() > 0:
		answer.data = operation.read.call(answer.json)
	return answer


## What the player wants: it is written down, sent until it is settled, and done once. The kit makes
## the key. Null if the storage cannot keep it; nothing is sent then.
func want(operation: Operation, variables: Dictionary) -> Intent:
	return _outbox.add(operation, variables)


## Send an operation, once more with a new token if the first is not accepted.
func execute(operation: Operation, variables: String, seconds := REQUEST_SECONDS) -> Answer:
	var token: Variant = await _tokens.current()
	if token is Failure:
		return Answer.failed(NETWORK, token.message)
	var answer: Answer = await _post(operation, variables, token, seconds)
	if not answer.has_code_of(TOKEN_CODES):
		return answer
	var renewed: Variant = await _tokens.renew(token if token != null else "")
	if renewed == null or renewed is Failure:
		return answer
	return await _post(operation, variables, renewed, seconds)


## Ask for the gateway's time if no answer has told it. Whether it is known now.
func know_time() -> bool:
	if not clock.is_known:
		await execute(clock_operation(), "{}")
	return clock.is_known


## Follow an order until it is final; `on_change` gets `id`, `status` and `isTerminal` of each status
## once. Gives "final", "open" (not paid within the time) or "missing".
func watch_order(id: String, on_change: Callable) -> String:
	var watch := OrderWatch.new(self, _options.time, id, on_change)
	return await watch.run()


## Hear of events until the subscription completes; reconnect after 1, 2, 4 … 60 seconds. Events are
## not sent again: query the screen in `on_connected`, which is called for each connection.
func follow(
	operation: Operation, variables: Dictionary, on_event: Callable, on_connected := Callable()
) -> void:
	var failures := [0]
	var connected := func() -> void:
		failures[0] = 0
		if on_connected.is_valid():
			on_connected.call()
	var taken := func(answer: Answer) -> void:
		answer.data = operation.read.call(answer.json)
		on_event.call(answer)
	while not await stream(operation, variables, taken, connected):
		await _options.time.delay(pause_after(failures[0]))
		failures[0] += 1


## Whether the subscription was completed, and not lost.
func stream(
	operation: Operation, variables: Dictionary, on_answer: Callable, on_connected: Callable
) -> bool:
	var is_renewed := false
	while true:
		var token: Variant = await _tokens.current()
		if token is Failure:
			return false
		var events := Events.new(on_answer, on_connected)
		var body := _body(operation, JSON.stringify(variables))
		await _options.socket.run(_options.url, body, _headers(token), events, _options.time)
		if events.is_rejected and not is_renewed:
			is_renewed = true
			if (await _tokens.renew(token if token != null else "")) is String:
				continue
		if events.is_unknown_document and not _unknown_documents.has(operation.id):
			_unknown_documents[operation.id] = true
			continue
		return events.is_complete and not events.has_failed
	return false


## The name of a file that belongs to the player.
func file_of(name: String) -> String:
	return "%s-%s" % [_options.player.to_utf8_buffer().hex_encode(), name]


## Seconds to wait after so many tries: 1, 2, 4 … 60.
static func pause_after(tries: int) -> float:
	return minf(LONGEST_PAUSE_SECONDS, pow(2, mini(tries, 6)))


## Unix seconds of a time in an answer, such as 2027-01-15T08:10:00Z.
static func unix_seconds(moment: String) -> float:
	var whole := float(Time.get_unix_time_from_datetime_string(moment.substr(0, 19)))
	var fraction := moment.substr(19).trim_suffix("Z").trim_suffix("+00:00")
	return whole + (("0" + fraction).to_float() if fraction.begins_with(".") else 0.0)


## The items of a list in an answer; none if it is null.
static func list_of(value: Variant) -> Array:
	return value if value is Array else []


func _post(operation: Operation, variables: String, token: Variant, seconds: int) -> Answer:
	var answer: Answer = await _post_once(operation, variables, token, seconds)
	if not answer.has_code_of(UNKNOWN_DOCUMENT_CODES):
		return answer
	_unknown_documents[operation.id] = true
	return await _post_once(operation, variables, token, seconds)


func _post_once(operation: Operation, variables: String, token: Variant, seconds: int) -> Answer:
	var headers := _headers(token)
	headers["Accept"] = "application/graphql-response+json, application/json"
	var sent := _options.time.monotonic()
	var body := _body(operation, variables)
	var text: Variant = await _options.http.post(_options.url, body, headers, seconds)
	var received := _options.time.monotonic()
	var answer := Answer.read(text)
	var told: Variant = answer.json.get(operation.server_time)
	if told is String:
		clock.take(sent, received, told)
	return answer


## Variables are kept as text: Godot's JSON makes 1.0 of 1, which would be another request.
func _body(operation: Operation, variables: String) -> String:
	var document := {"documentId": "sha256:" + operation.id}
	if _unknown_documents.has(operation.id):
		document = {"query": operation.text}
	return JSON.stringify(document).trim_suffix("}") + ',"variables":%s}' % variables


func _headers(token: Variant) -> Dictionary:
	var headers := {"Content-Type": "application/json"}
	if token:
		headers["Authorization"] = "Bearer " + token
	if _options.language:
		headers["Accept-Language"] = _options.language
	if _options.client_name:
		headers["graphql-client-name"] = _options.client_name
		headers["graphql-client-version"] = _options.client_version
	return headers


## Keep a good screen, or show the last one in place of none.
func _screen(operation: Operation, variables: String, answer: Answer) -> Answer:
	var file := file_of("screen-" + operation.name)
	if answer.errors.is_empty():
		var kept := {"id": operation.id, "variables": variables, "data": answer.json}
		# A storage that is full: the screen that came is shown all the same.
		_options.storage.write(file, JSON.stringify(kept))
		return answer
	var may_keep := answer.json.is_empty() and not answer.has_code_of(TOKEN_CODES)
	if not may_keep or not answer.errors.all(func(one: GatewayError) -> bool: return one.may_pass()):
		return answer
	var last: Variant = JSON.parse_string(_options.storage.read(file))
	if last is Dictionary and last.id == operation.id and last.variables == variables:
		answer.json = last.data
		answer.is_stale = true
	return answer


## What a client is made of. The first four are needed.
class Options:
	## The gateway's address, such as https://gateway.example.com/graphql.
	var url: String
	## Whose client it is, as the game knows the player. What is kept is kept by player.
	var player: String
	## Called with whether the gateway rejected the last token; gives the player's token, null if
	## they are signed out, or a `Failure` if there is none now. It may await.
	var token: Callable
	var http: Http
	var storage: Storage = FileStorage.new("user://liveops")
	var time: SystemTime = SystemTime.new()
	var socket: Socket = Socket.new()
	## Languages to show names and prices in, such as "de-AT, en;q=0.5".
	var language := ""
	## The build, as its manifest of trusted documents is named: "godot" and "1.4.0".
	var client_name := ""
	var client_version := ""
	## Called with each `Settlement`, also of earlier runs: show it, grant what it gave.
	var on_settled := Callable()
	## Called with an `Intent`, a code and seconds when it waits for its next try.
	var on_waiting := Callable()


## Why there is no token.
class Failure:
	var message: String

	func _init(text: String) -> void:
		message = text


## One of the game's operations.
class Operation:
	var name: String
	## The SHA-256 of `text` in hex: its id as a trusted document.
	var id: String
	var text: String
	## Makes the data of an answer.
	var read: Callable
	## The key of the gateway's time in the answer.
	var server_time: String
	## Whether the last good answer is kept, to be shown without a network.
	var is_screen: bool
	## Of a mutation: the key of its payload, and the variable that carries the idempotency key.
	var payload: String
	var key_variable: String
	var has_cycle: bool
	var is_order: bool

	func _init(facts: Dictionary, reader: Callable) -> void:
		read = reader
		for fact: String in facts:
			set(fact, facts[fact])


## One of the `errors` of an answer. docs/errors.md of the gateway says what to do for each code.
class GatewayError:
	## `extensions.code`; `NETWORK` if no answer came.
	var code: String
	var message: String
	var is_retryable := true
	## When to come back; 0 if the gateway did not say.
	var retry_after_seconds := 0.0
	## Names the request in the gateway's log.
	var request_id := ""

	static func of(json: Dictionary) -> GatewayError:
		var more: Dictionary = json.get("extensions", {})
		var error := GatewayError.new()
		error.code = more.get("code", "INTERNAL")
		error.message = json.get("message", "")
		error.is_retryable = more.get("retryable", false)
		error.retry_after_seconds = more.get("retryAfterSeconds", 0.0)
		error.request_id = more.get("requestId", "")
		return error

	## Whether the same may be answered later. Codes of later versions may.
	func may_pass() -> bool:
		return is_retryable or not FINAL_CODES.has(code)


## An answer; `data` is null if none came.
class Answer:
	var data: Variant
	var json := {}
	var errors: Array[GatewayError] = []
	## Whether this is the last good answer, because no new one came. Show it as such.
	var is_stale := false

	static func failed(code: String, message: String) -> Answer:
		var error := GatewayError.new()
		error.code = code
		error.message = message
		var answer := Answer.new()
		answer.errors = [error]
		return answer

	static func read(text: Variant) -> Answer:
		var result: Variant = JSON.parse_string(text) if text is String else null
		var answer := of(result if result is Dictionary else {})
		if answer.json.is_empty() and answer.errors.is_empty():
			return failed(NETWORK, "No answer of the gateway.")
		return answer

	static func of(result: Dictionary) -> Answer:
		var answer := Answer.new()
		if result.get("data") is Dictionary:
			answer.json = result.data
		if result.get("errors") is Array:
			for one: Dictionary in result.errors:
				answer.errors.append(GatewayError.of(one))
		return answer

	func has_code_of(codes: Array[String]) -> bool:
		return errors.any(func(one: GatewayError) -> bool: return codes.has(one.code))

	func is_offline() -> bool:
		return errors.any(func(one: GatewayError) -> bool: return one.code == NETWORK)


## The gateway's time. Each answer with `serverTime` is taken for the middle of its request; the
## quickest of the last eight counts. Time never goes back, so countdowns never go up, and the
## device's clock does not matter once an answer has come.
class Clock:
	## Whether an answer has told the time. Before, the device's clock counts.
	var is_known := false

	var _time: SystemTime
	var _took: Array[float] = []
	var _offsets: Array[float] = []
	var _offset := 0.0
	var _last := -INF

	func _init(time: SystemTime) -> void:
		_time = time

	## Unix seconds.
	func now() -> float:
		if not is_known:
			return _time.now()
		_last = maxf(_last, _time.monotonic() + _offset)
		return _last

	## Seconds to count down to a time of an answer; 0 once it is over.
	func seconds_until(moment: String) -> float:
		return maxf(0.0, LiveOps.unix_seconds(moment) - now())

	func take(sent: float, received: float, told: String) -> void:
		_took.append(received - sent)
		_offsets.append(LiveOps.unix_seconds(told) - (sent + received) / 2)
		if _took.size() > SAMPLES:
			_took.pop_front()
			_offsets.pop_front()
		var quickest: float = _took.min()
		_offset = _offsets[_took.rfind(quickest)]
		is_known = true

	## The device slept: seconds may be missing, so the next answer counts alone.
	func forget() -> void:
		_took.clear()
		_offsets.clear()


## The player's token, asked for once by all who need it at the same time.
class Tokens:
	signal told

	var _ask: Callable
	var _is_asking := false
	var _is_asked := false
	var _token: Variant

	func _init(ask: Callable) -> void:
		_ask = ask

	## The token; null for a player who is signed out, for whom it is asked each time.
	func current() -> Variant:
		return await _asked(null)

	## Another token than the one that was rejected.
	func renew(rejected: String) -> Variant:
		return await _asked(rejected)

	func _asked(rejected: Variant) -> Variant:
		if _is_asking:
			await told
			return _token
		var is_over: bool = not _is_asked or not _token is String or _token == rejected
		if not is_over:
			return _token
		_is_asking = true
		_token = await _ask.call(rejected != null)
		_is_asking = false
		_is_asked = true
		told.emit()
		return _token


## Something that the player wants, written down before it is sent. Await `settled`, or hear of all
## by `on_settled`: the end may come in a later run of the game.
class Intent:
	signal settled(settlement: Settlement)

	## The idempotency key: the intent's name.
	var key: String
	var operation: String
	## As JSON, as it is sent.
	var variables: String
	## When it was made, in Unix seconds of the gateway's time; 0 until that is known.
	var made_at := 0.0
	var file: String
	## The operation; null if this version of the game has it no more.
	var known: Operation
	var tries := 0
	var next_at := 0.0
	var lacks_network := false

	func written() -> String:
		return JSON.stringify(
			{"key": key, "operation": operation, "variables": variables, "madeAt": made_at}
		)


## The end of an intent. `outcome` is "done", "refused" (`codes` say why), "failed" (it can never
## succeed) or "expired" (it is not sent any more: read the screen, and ask the player).
class Settlement:
	var key: String
	var operation: String
	var variables: Dictionary
	var outcome: String
	## Codes of the user errors, or of the errors.
	var codes: Array[String]
	## The answer's data; null if none came.
	var data: Variant
	## The order that was placed, to be watched; empty if there is none.
	var order_id := ""


## Intents, on the device before they are sent and until they are settled. They are sent one after
## the other in their order. Without a network all wait; one that the gateway cannot settle yet
## waits alone.
class Outbox:
	var intents: Array[Intent] = []

	var _client: LiveOps
	var _options: Options
	var _network_at := 0.0
	var _is_busy := false
	var _woken := 0

	func _init(client: LiveOps, options: Options) -> void:
		_client = client
		_options = options
		for file in options.storage.names(_prefix()):
			var json: Variant = JSON.parse_string(options.storage.read(file))
			if not json is Dictionary or not json.has("key"):
				push_warning("%s is damaged." % file)
				options.storage.remove(file)
				continue
			var intent := _made(json.key, json.operation, json.variables, json.madeAt, file)
			intent.known = client._write_operations().get(intent.operation)
			intents.append(intent)

	## Write an intent down and send it. Null if that fails; nothing is sent then.
	func add(operation: Operation, variables: Dictionary) -> Intent:
		var key := _uuid()
		var given := variables.duplicate()
		given[operation.key_variable] = key
		var made_at := _client.clock.now() if _client.clock.is_known else 0.0
		var number := 1
		if not intents.is_empty():
			number = intents[-1].file.trim_prefix(_prefix()).substr(0, 12).to_int() + 1
		var file := _prefix() + "%012d-%s" % [number, key]
		var intent := _made(key, operation.name, JSON.stringify(given), made_at, file)
		intent.known = operation
		if not _options.storage.write(file, intent.written()):
			return null
		intents.append(intent)
		# The player waits, so the network is tried at once.
		_network_at = 0.0
		wake.call_deferred()
		return intent

	## Send what is due now.
	func wake() -> void:
		_woken += 1
		_run()

	## The network may be back: what waits for it is due.
	func online() -> void:
		_network_at = 0.0
		for one in intents:
			if one.lacks_network:
				one.next_at = 0.0
		wake()

	func _run() -> void:
		if _is_busy:
			return
		var woken := _woken
		while not intents.is_empty():
			var next := _next()
			var pause := _due_at(next) - _options.time.monotonic()
			if pause > 0:
				await _options.time.delay(pause)
				if woken != _woken:
					return
				continue
			_is_busy = true
			await _attempt(next)
			_is_busy = false
			woken = _woken

	func _due_at(intent: Intent) -> float:
		return maxf(intent.next_at, _network_at)

	## The first intent that is due, or the one that is due next.
	func _next() -> Intent:
		var now := _options.time.monotonic()
		var next := intents[0]
		for one in intents:
			if _due_at(one) <= now:
				return one
			if _due_at(one) < _due_at(next):
				next = one
		return next

	func _attempt(intent: Intent) -> void:
		if intent.known == null:
			_end(intent, "failed", ["UNKNOWN_OPERATION"], {})
			return
		if not await _client.know_time():
			_wait(intent, NETWORK, 0.0)
			return
		if intent.made_at == 0.0:
			intent.made_at = _client.clock.now()
			_options.storage.write(intent.file, intent.written())
		if _is_forgotten(intent):
			_end(intent, "expired", ["EXPIRED"], {})
			return
		_judge(intent, await _client.execute(intent.known, intent.variables))

	## A claim is safe to send at any time: a step is granted once, and its cycle goes with it.
	func _is_forgotten(intent: Intent) -> bool:
		var is_safe := intent.known.has_cycle and not intent.known.is_order
		return not is_safe and _client.clock.now() - intent.made_at >= KEY_SECONDS

	func _judge(intent: Intent, answer: Answer) -> void:
		var payload: Variant = answer.json.get(intent.known.payload)
		if not payload is Dictionary:
			if answer.errors.is_empty():
				_wait(intent, "INTERNAL", 0.0)
			elif answer.errors[0].may_pass():
				_wait(intent, answer.errors[0].code, answer.errors[0].retry_after_seconds)
			else:
				_end(intent, "failed", [answer.errors[0].code], answer.json)
			return
		var codes: Array[String] = []
		for one: Dictionary in payload.get("userErrors", []):
			codes.append(one.code)
		for code in OPEN_CODES:
			if codes.has(code):
				_wait(intent, code, 0.0)
				return
		_end(intent, "done" if codes.is_empty() else "refused", codes, answer.json)

	func _wait(intent: Intent, code: String, retry_after_seconds: float) -> void:
		var pause := maxf(retry_after_seconds, LiveOps.pause_after(intent.tries))
		intent.tries += 1
		intent.next_at = _options.time.monotonic() + pause
		intent.lacks_network = code == NETWORK
		if intent.lacks_network:
			_network_at = intent.next_at
		if _options.on_waiting.is_valid():
			_options.on_waiting.call(intent, code, pause)

	## Told first and forgotten then: a crash in between tells it twice, and never not at all.
	func _end(intent: Intent, outcome: String, codes: Array[String], json: Dictionary) -> void:
		var settlement := Settlement.new()
		settlement.key = intent.key
		settlement.operation = intent.operation
		settlement.variables = JSON.parse_string(intent.variables)
		settlement.outcome = outcome
		settlement.codes = codes
		if intent.known != null and not json.is_empty():
			settlement.data = intent.known.read.call(json)
			var payload: Variant = json.get(intent.known.payload)
			if payload is Dictionary and payload.get("order") is Dictionary:
				settlement.order_id = payload.order.get("id", "")
		if _options.on_settled.is_valid():
			_options.on_settled.call(settlement)
		_options.storage.remove(intent.file)
		intents.erase(intent)
		intent.settled.emit(settlement)

	func _prefix() -> String:
		return _client.file_of("intent-")

	func _made(
		key: String, operation: String, variables: String, made_at: float, file: String
	) -> Intent:
		var intent := Intent.new()
		intent.key = key
		intent.operation = operation
		intent.variables = variables
		intent.made_at = made_at
		intent.file = file
		return intent

	func _uuid() -> String:
		var bytes := Crypto.new().generate_random_bytes(16)
		bytes[6] = (bytes[6] & 0x0f) | 0x40
		bytes[8] = (bytes[8] & 0x3f) | 0x80
		var hex := bytes.hex_encode()
		return (
			"%s-%s-%s-%s-%s"
			% [hex.left(8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4), hex.right(12)]
		)


## Follows one order: by a subscription; after two failures by long polls; after three errors more by
## reading it every 3 seconds for 10 minutes.
class OrderWatch:
	var _client: LiveOps
	var _time: SystemTime
	var _id: String
	var _on_change: Callable
	var _status: Variant = null
	var _is_final := false

	func _init(client: LiveOps, time: SystemTime, id: String, on_change: Callable) -> void:
		_client = client
		_time = time
		_id = id
		_on_change = on_change

	func run() -> String:
		for tries in STREAM_TRIES:
			if tries > 0:
				await _time.delay(1)
			var subscription := _client.watch_subscription()
			var is_complete: bool = await _client.stream(
				subscription, {"id": _id}, _take, func() -> void: pass
			)
			if _is_final:
				return "final"
			if is_complete and _status != null:
				return "open"
		var end: String = await _by_waiting()
		return end if end else await _by_reading()

	## Empty if it cannot be known so.
	func _by_waiting() -> String:
		var end := _time.monotonic() + WATCH_SECONDS
		var errors := 0
		while _time.monotonic() < end:
			var before: Variant = _status
			var is_there: Variant = await _read(
				_client.watch_wait(), {"id": _id, "after": before}
			)
			if is_there == true and _is_final:
				return "final"
			if is_there == false:
				return "missing"
			errors = 0 if is_there == true else errors + 1
			if errors == WAIT_TRIES:
				return ""
			# A gateway that shuts down answers at once with nothing new.
			if _status == before:
				await _time.delay(LiveOps.pause_after(maxi(0, errors - 1)))
		return "open"

	func _by_reading() -> String:
		var end := _time.monotonic() + WATCH_SECONDS
		while _time.monotonic() < end:
			var is_there: Variant = await _read(_client.watch_read(), {"id": _id})
			if is_there == false:
				return "missing"
			if _is_final:
				return "final"
			await _time.delay(READ_PAUSE_SECONDS)
		return "open"

	## Whether there is such an order; null if that is not known.
	func _read(operation: Operation, variables: Dictionary) -> Variant:
		var given := JSON.stringify(variables)
		var answer: Answer = await _client.execute(operation, given, REQUEST_SECONDS * 2)
		return null if answer.errors.size() > 0 else _take(answer)

	func _take(answer: Answer) -> bool:
		var values := answer.json.values()
		if values.is_empty() or not values[0] is Dictionary:
			return false
		var order: Dictionary = values[0]
		var is_new: bool = order.status != _status
		_status = order.status
		_is_final = order.isTerminal
		if is_new:
			_on_change.call(order)
		return true


## Collects what a connection of a subscription tells.
class Events:
	var is_connected_now := false
	var is_complete := false
	var has_failed := false
	## Whether the token was not accepted.
	var is_rejected := false
	## Whether the document's id was not known.
	var is_unknown_document := false

	var _on_answer: Callable
	var _on_connected: Callable

	func _init(on_answer: Callable, on_connected: Callable) -> void:
		_on_answer = on_answer
		_on_connected = on_connected

	func connected() -> void:
		if not is_connected_now and not has_failed:
			is_connected_now = true
			_on_connected.call()

	func next(result: Dictionary) -> void:
		var answer := Answer.of(result)
		failed(answer, answer.json.is_empty())
		if not has_failed:
			connected()
			_on_answer.call(answer)

	func failed(answer: Answer, is_failure: bool) -> void:
		is_rejected = is_rejected or answer.has_code_of(TOKEN_CODES)
		is_unknown_document = is_unknown_document or answer.has_code_of(UNKNOWN_DOCUMENT_CODES)
		has_failed = has_failed or is_failure


## Subscriptions over WebSocketPeer, by graphql-transport-ws: one connection each.
class Socket:
	## Run one subscription to its end; `events` hears of it.
	func run(
		url: String, body: String, headers: Dictionary, events: Events, time: SystemTime
	) -> void:
		var peer := WebSocketPeer.new()
		peer.supported_protocols = PackedStringArray(["graphql-transport-ws"])
		if peer.connect_to_url(url.replace("http", "ws")) != OK:
			return
		var heard_at := time.monotonic()
		var pinged_at := heard_at
		var has_begun := false
		while peer.get_ready_state() != WebSocketPeer.STATE_CLOSED:
			await time.frame()
			peer.poll()
			var now := time.monotonic()
			if peer.get_ready_state() == WebSocketPeer.STATE_OPEN:
				if not has_begun:
					has_begun = true
					_send(peer, {"type": "connection_init", "payload": _credentials(headers)})
				elif now - pinged_at >= PING_SECONDS:
					pinged_at = now
					_send(peer, {"type": "ping"})
			while peer.get_available_packet_count() > 0:
				heard_at = now
				_take(peer, peer.get_packet().get_string_from_utf8(), body, events)
			if now - heard_at >= SILENCE_SECONDS:
				return
		if TOKEN_CODES.has(peer.get_close_reason().get_slice(":", 0)):
			events.is_rejected = true

	func _take(peer: WebSocketPeer, text: String, body: String, events: Events) -> void:
		var message: Variant = JSON.parse_string(text)
		if not message is Dictionary:
			return
		match message.get("type"):
			"connection_ack":
				peer.send_text('{"id":"1","type":"subscribe","payload":%s}' % body)
				# It is answered once the subscription is taken, though nothing may have happened yet.
				_send(peer, {"type": "ping"})
			"ping":
				_send(peer, {"type": "pong"})
			"pong":
				events.connected()
			"next":
				events.next(message.payload)
			"error":
				events.failed(Answer.of({"errors": message.payload}), true)
				peer.close()
			"complete":
				events.is_complete = true
				peer.close()

	func _send(peer: WebSocketPeer, message: Dictionary) -> void:
		peer.send_text(JSON.stringify(message))

	func _credentials(headers: Dictionary) -> Dictionary:
		var carried := {}
		for name: String in ["Authorization", "Accept-Language"]:
			if headers.has(name):
				carried[name] = headers[name]
		return carried


## Sends requests by HTTPRequest nodes below a node of the scene.
class Http:
	var _host: Node

	func _init(host: Node) -> void:
		_host = host

	## The body of the answer; null if none came.
	func post(url: String, body: String, headers: Dictionary, seconds: int) -> Variant:
		var request := HTTPRequest.new()
		request.timeout = seconds
		_host.add_child(request)
		var lines := PackedStringArray()
		for name: String in headers:
			lines.append("%s: %s" % [name, headers[name]])
		var text: Variant = null
		if request.request(url, lines, HTTPClient.METHOD_POST, body) == OK:
			var result: Array = await request.request_completed
			if result[0] == HTTPRequest.RESULT_SUCCESS:
				text = (result[3] as PackedByteArray).get_string_from_utf8()
		request.queue_free()
		return text


## The time of the device and of the scene tree.
class SystemTime:
	## Seconds that never go back.
	func monotonic() -> float:
		return Time.get_ticks_usec() / 1e6

	## The device's clock in Unix seconds, which may be wrong.
	func now() -> float:
		return Time.get_unix_time_from_system()

	## Ends after so many seconds, also while the game is paused.
	func delay(seconds: float) -> void:
		await _tree().create_timer(seconds, true, false, true).timeout

	## Ends with the next frame.
	func frame() -> void:
		await _tree().process_frame

	func _tree() -> SceneTree:
		return Engine.get_main_loop()


## Keeps texts by name over restarts.
class Storage:
	## The text; empty if there is none.
	func read(_name: String) -> String:
		return ""

	## Keep a text, all of it or nothing. Whether it is kept.
	func write(_name: String, _text: String) -> bool:
		return false

	func remove(_name: String) -> void:
		pass

	## The names that begin so, in their order.
	func names(_prefix: String) -> PackedStringArray:
		return PackedStringArray()


## Files in a folder.
class FileStorage:
	extends Storage

	var _folder: String

	func _init(folder: String) -> void:
		_folder = folder
		DirAccess.make_dir_recursive_absolute(folder)

	func read(name: String) -> String:
		return FileAccess.get_file_as_string(_folder.path_join(name))

	func write(name: String, text: String) -> bool:
		var path := _folder.path_join(name)
		var file := FileAccess.open(path + ".new", FileAccess.WRITE)
		if file == null:
			return false
		file.store_string(text)
		file.flush()
		var is_written := file.get_error() == OK
		file.close()
		return is_written and DirAccess.rename_absolute(path + ".new", path) == OK

	func remove(name: String) -> void:
		DirAccess.remove_absolute(_folder.path_join(name))

	func names(prefix: String) -> PackedStringArray:
		var found := PackedStringArray()
		for name in DirAccess.get_files_at(_folder):
			if name.begins_with(prefix) and not name.ends_with(".new"):
				found.append(name)
		found.sort()
		return found

## Mutations, to be found again by their names.
static func write_operations() -> Dictionary:
	return {
		"BuyOffer": buy_offer_operation(),
		"BuyPoints": buy_points_operation(),
		"ClaimAll": claim_all_operation(),
		"ClaimDaily": claim_daily_operation(),
		"ClaimOffer": claim_offer_operation(),
		"ClaimReward": claim_reward_operation(),
		"UpdateClan": update_clan_operation(),
	}


static func clock_operation() -> Operation:
	return badge_operation()


static func watch_subscription() -> Operation:
	return order_updated_operation()


static func watch_wait() -> Operation:
	return wait_for_order_operation()


static func watch_read() -> Operation:
	return order_operation()

static func badge_operation() -> Operation:
	return Operation.new(
		{
			"name": "Badge",
			"id": "6fcaf660127aa366d73f236998028bfc9150650a25d520b22a62b23caa760374",
			"text": "query Badge {\n  serverTime\n  viewer {\n    id\n    badge {\n      claimableCount\n      claimableOfferSteps\n      claimableRewardSteps\n      endingSoonCount\n      nextExpiry\n    }\n  }\n}",
			"server_time": "serverTime",
			"is_screen": true,
		},
		func(json: Dictionary) -> BadgeData: return BadgeData.new(json)
	)

static func buy_offer_operation() -> Operation:
	return Operation.new(
		{
			"name": "BuyOffer",
			"id": "46a33cb684fac0d518617918666fbf536f81e1196122a61f827f009de45e9d71",
			"text": "mutation BuyOffer($stepId: ID!, $cycle: String, $key: String) {\n  orderOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n      paymentMode\n    }\n    offerChain {\n      id\n      nextAction\n    }\n  }\n}",
			"payload": "orderOfferChainStep",
			"key_variable": "key",
			"has_cycle": true,
			"is_order": true,
		},
		func(json: Dictionary) -> BuyOfferData: return BuyOfferData.new(json)
	)

static func buy_points_operation() -> Operation:
	return Operation.new(
		{
			"name": "BuyPoints",
			"id": "7d4158bb9e97308f5c1aaf602e2e02c9160cfd66d16b7b76d11c65f7b79e011a",
			"text": "mutation BuyPoints($sku: String!, $key: String) {\n  orderItem(input: { sku: $sku, idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n    }\n  }\n}",
			"payload": "orderItem",
			"key_variable": "key",
			"has_cycle": false,
			"is_order": true,
		},
		func(json: Dictionary) -> BuyPointsData: return BuyPointsData.new(json)
	)

static func chains_changed_operation() -> Operation:
	return Operation.new(
		{
			"name": "ChainsChanged",
			"id": "d52074ceb2ffb7d0d58808a8bc211394fdbbeafef55be3668b22fd59e1a6908b",
			"text": "subscription ChainsChanged {\n  chainsChanged {\n    reasons\n    offerChainIds\n    rewardChainIds\n    dailyChainIds\n    viewer {\n      id\n      badge {\n        claimableCount\n      }\n    }\n  }\n}",
		},
		func(json: Dictionary) -> ChainsChangedData: return ChainsChangedData.new(json)
	)

static func claim_all_operation() -> Operation:
	return Operation.new(
		{
			"name": "ClaimAll",
			"id": "9d3b2a6c7cfe5dfa6117826224514ec3e620544bb9e3e053cf4dce647dbcb446",
			"text": "mutation ClaimAll($rewardChainId: ID!, $cycle: String, $key: String) {\n  claimAvailableRewards(\n    input: { rewardChainId: $rewardChainId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    results {\n      stepId\n      isClaimed\n      userError {\n        code\n      }\n    }\n    rewardChain {\n      id\n      nextAction\n    }\n  }\n}",
			"payload": "claimAvailableRewards",
			"key_variable": "key",
			"has_cycle": true,
			"is_order": false,
		},
		func(json: Dictionary) -> ClaimAllData: return ClaimAllData.new(json)
	)

static func claim_daily_operation() -> Operation:
	return Operation.new(
		{
			"name": "ClaimDaily",
			"id": "24bc227007f3aa71bcdb2d252a6e9d22eacab5797de04edea97ac19b22f5ffcd",
			"text": "mutation ClaimDaily($stepId: ID!, $cycle: String, $key: String) {\n  claimDailyChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    dailyChain {\n      id\n      nextAction\n      secondsUntilNextUnlock\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
			"payload": "claimDailyChainStep",
			"key_variable": "key",
			"has_cycle": true,
			"is_order": false,
		},
		func(json: Dictionary) -> ClaimDailyData: return ClaimDailyData.new(json)
	)

static func claim_offer_operation() -> Operation:
	return Operation.new(
		{
			"name": "ClaimOffer",
			"id": "d761eb5790a2b04ea9f28caeef97baf1a7962337031464f28d12b0dbe9fa4aa6",
			"text": "mutation ClaimOffer($stepId: ID!, $cycle: String, $key: String) {\n  claimOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    orderId\n    offerChain {\n      id\n      nextAction\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
			"payload": "claimOfferChainStep",
			"key_variable": "key",
			"has_cycle": true,
			"is_order": false,
		},
		func(json: Dictionary) -> ClaimOfferData: return ClaimOfferData.new(json)
	)

static func claim_reward_operation() -> Operation:
	return Operation.new(
		{
			"name": "ClaimReward",
			"id": "7b3e8233442b5591f48d09a700ffc3be12ae22a0ff422a87c98e76a7e45760ca",
			"text": "mutation ClaimReward($stepId: ID!, $cycle: String, $key: String) {\n  claimRewardChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    rewardChain {\n      id\n      claimableCount\n      steps {\n        id\n        name\n        state\n      }\n    }\n  }\n}",
			"payload": "claimRewardChainStep",
			"key_variable": "key",
			"has_cycle": true,
			"is_order": false,
		},
		func(json: Dictionary) -> ClaimRewardData: return ClaimRewardData.new(json)
	)

static func daily_chains_operation() -> Operation:
	return Operation.new(
		{
			"name": "DailyChains",
			"id": "d188254263282761e3db6a6d2ceb1f049b97f544a3dc470927a9014174dad69e",
			"text": "query DailyChains {\n  serverTime\n  viewer {\n    id\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      nextUnlockAt\n      secondsUntilNextUnlock\n      claimedCount\n      steps {\n        id\n        number\n        state\n        isMissed\n        unlocksAt\n        items {\n          name\n          quantity\n        }\n      }\n      schedule {\n        phase\n        cycle\n      }\n    }\n  }\n}",
			"server_time": "serverTime",
			"is_screen": true,
		},
		func(json: Dictionary) -> DailyChainsData: return DailyChainsData.new(json)
	)

static func earn_points_operation() -> Operation:
	return Operation.new(
		{
			"name": "EarnPoints",
			"id": "68c00f3a2d0cfb467a71ae28cabf266907a588ebc4d9cab7832b9b7ffd0513a0",
			"text": "query EarnPoints {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        pointsMissing\n      }\n      earnBy {\n        points\n        canOrder\n        item {\n          sku\n          name\n        }\n        price {\n          display\n        }\n        priceBeforeDiscount {\n          display\n        }\n        limits {\n          perPlayer {\n            available\n          }\n        }\n      }\n    }\n  }\n}",
			"is_screen": true,
		},
		func(json: Dictionary) -> EarnPointsData: return EarnPointsData.new(json)
	)

static func home_operation() -> Operation:
	return Operation.new(
		{
			"name": "Home",
			"id": "71de0354bd55e19484739131a1d182c5cb7a76654e9b4eb930933d6726f54f4f",
			"text": "query Home {\n  serverTime\n  viewer {\n    id\n    isSignedIn\n    badge {\n      claimableCount\n      nextExpiry\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      progressPercent\n      schedule {\n        phase\n        secondsUntilEnd\n        secondsUntilReset\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isFree\n        price {\n          amount\n          currency\n        }\n        items {\n          name\n          quantity\n          imageUrl\n        }\n        valuePoints {\n          name\n          amount\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      nextAction\n      claimableCount\n      schedule {\n        cycle\n      }\n      balance {\n        name\n        amount\n      }\n      steps {\n        id\n        name\n        state\n        pointsRequired\n        pointsMissing\n        rewards {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      claimableCount\n      secondsUntilNextUnlock\n      schedule {\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isMissed\n        items {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n  }\n}",
			"server_time": "serverTime",
			"is_screen": true,
		},
		func(json: Dictionary) -> HomeData: return HomeData.new(json)
	)

static func offer_chain_operation() -> Operation:
	return Operation.new(
		{
			"name": "OfferChain",
			"id": "e833a9183cba665afa7e3b6efa81075692139147b5a441e60678d12d3d437469",
			"text": "query OfferChain($id: ID!) {\n  viewer {\n    id\n    offerChain(id: $id) {\n      id\n      name\n      description\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n      claimedCount\n      isCompleted\n    }\n  }\n}",
			"is_screen": true,
		},
		func(json: Dictionary) -> OfferChainData: return OfferChainData.new(json)
	)

static func order_operation() -> Operation:
	return Operation.new(
		{
			"name": "Order",
			"id": "51721286ce4571fb826642e5c37a3bbb16f55c27ebbab9fe4a0b0d0d5d9e1961",
			"text": "query Order($id: ID!) {\n  order(id: $id) {\n    id\n    status\n    isTerminal\n    total {\n      amount\n      currency\n    }\n    items {\n      sku\n      quantity\n    }\n  }\n}",
		},
		func(json: Dictionary) -> OrderData: return OrderData.new(json)
	)

static func order_updated_operation() -> Operation:
	return Operation.new(
		{
			"name": "OrderUpdated",
			"id": "ea5eecc58f1e2f3c16d76dc587187cfa5a6ac37fb68de793a671cdb2cc8c9e03",
			"text": "subscription OrderUpdated($id: ID!) {\n  orderUpdated(id: $id) {\n    id\n    status\n    isTerminal\n  }\n}",
		},
		func(json: Dictionary) -> OrderUpdatedData: return OrderUpdatedData.new(json)
	)

static func overview_operation() -> Operation:
	return Operation.new(
		{
			"name": "Overview",
			"id": "7ea2a6fe716505fadf333350a775eeb0052d5c45adf92b2b6b0d8a1717e05be5",
			"text": "query Overview {\n  viewer {\n    id\n    badge {\n      claimableCount\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      nextAction\n      claimableCount\n      balance {\n        amount\n      }\n      nextStep {\n        id\n        name\n        pointsRequired\n        pointsMissing\n      }\n    }\n    dailyChains {\n      id\n      name\n      nextAction\n      claimableCount\n      nextStep {\n        id\n        number\n        items {\n          name\n          quantity\n        }\n      }\n    }\n  }\n}",
			"is_screen": true,
		},
		func(json: Dictionary) -> OverviewData: return OverviewData.new(json)
	)

static func refresh_operation() -> Operation:
	return Operation.new(
		{
			"name": "Refresh",
			"id": "81f5bfd83ea55456d4422f1fe6495f8ca05a0098589c2a068630006a4780d2fe",
			"text": "query Refresh($locale: String) {\n  session {\n    expiresInSeconds\n  }\n  viewer(locale: $locale, refresh: true) {\n    id\n    localeUsed\n    badge {\n      claimableCount\n      isStale\n    }\n    offerChains {\n      id\n      name\n      isStale\n      ageSeconds\n      nextAction\n    }\n  }\n}",
			"is_screen": true,
		},
		func(json: Dictionary) -> RefreshData: return RefreshData.new(json)
	)

static func reward_chains_operation() -> Operation:
	return Operation.new(
		{
			"name": "RewardChains",
			"id": "a7d7e41517caa13912ad7837dd8ae79abd29b80391d753ad085e192f89074c64",
			"text": "query RewardChains {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      clanType\n      balance {\n        amount\n        isClan\n      }\n      nextStep {\n        id\n        name\n        pointsMissing\n      }\n      topContributors {\n        name\n        amount\n      }\n      popup {\n        header\n        instruction\n      }\n      schedule {\n        resetInterval\n        resetsAt\n      }\n    }\n  }\n}",
			"is_screen": true,
		},
		func(json: Dictionary) -> RewardChainsData: return RewardChainsData.new(json)
	)

static func update_clan_operation() -> Operation:
	return Operation.new(
		{
			"name": "UpdateClan",
			"id": "33ac5333db7df76ca98c9deccebd74c55c87a98d2a2c4efab7ecec13c519d8de",
			"text": "mutation UpdateClan($key: String) {\n  updateClan(input: { idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    rewards {\n      name\n      quantity\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      balance {\n        amount\n      }\n    }\n  }\n}",
			"payload": "updateClan",
			"key_variable": "key",
			"has_cycle": false,
			"is_order": false,
		},
		func(json: Dictionary) -> UpdateClanData: return UpdateClanData.new(json)
	)

static func wait_for_order_operation() -> Operation:
	return Operation.new(
		{
			"name": "WaitForOrder",
			"id": "5e0116c2feda2d1004b3875994b20896cbfb4472fbf9ab122203383cd25ebd63",
			"text": "query WaitForOrder($id: ID!, $after: OrderStatus) {\n  waitForOrder(id: $id, after: $after, timeoutSeconds: 20) {\n    id\n    status\n    isTerminal\n  }\n}",
		},
		func(json: Dictionary) -> WaitForOrderData: return WaitForOrderData.new(json)
	)

## The answer has BadgeData as its data.
func badge() -> Answer:
	var variables := {}
	return await query(badge_operation(), variables)

## Its settlement has BuyOfferData as its data.
func buy_offer(
	step_id: String,
	cycle: Variant,
) -> Intent:
	var variables := {}
	variables["stepId"] = step_id
	if cycle != null:
		variables["cycle"] = cycle
	return want(buy_offer_operation(), variables)

## Its settlement has BuyPointsData as its data.
func buy_points(
	sku: String,
) -> Intent:
	var variables := {}
	variables["sku"] = sku
	return want(buy_points_operation(), variables)

## `on_event` gets answers with ChainsChangedData as their data.
func chains_changed(
	on_event: Callable,
	on_connected := Callable(),
) -> void:
	var variables := {}
	await follow(chains_changed_operation(), variables, on_event, on_connected)

## Its settlement has ClaimAllData as its data.
func claim_all(
	reward_chain_id: String,
	cycle: Variant,
) -> Intent:
	var variables := {}
	variables["rewardChainId"] = reward_chain_id
	if cycle != null:
		variables["cycle"] = cycle
	return want(claim_all_operation(), variables)

## Its settlement has ClaimDailyData as its data.
func claim_daily(
	step_id: String,
	cycle: Variant,
) -> Intent:
	var variables := {}
	variables["stepId"] = step_id
	if cycle != null:
		variables["cycle"] = cycle
	return want(claim_daily_operation(), variables)

## Its settlement has ClaimOfferData as its data.
func claim_offer(
	step_id: String,
	cycle: Variant,
) -> Intent:
	var variables := {}
	variables["stepId"] = step_id
	if cycle != null:
		variables["cycle"] = cycle
	return want(claim_offer_operation(), variables)

## Its settlement has ClaimRewardData as its data.
func claim_reward(
	step_id: String,
	cycle: Variant,
) -> Intent:
	var variables := {}
	variables["stepId"] = step_id
	if cycle != null:
		variables["cycle"] = cycle
	return want(claim_reward_operation(), variables)

## The answer has DailyChainsData as its data.
func daily_chains() -> Answer:
	var variables := {}
	return await query(daily_chains_operation(), variables)

## The answer has EarnPointsData as its data.
func earn_points() -> Answer:
	var variables := {}
	return await query(earn_points_operation(), variables)

## The answer has HomeData as its data.
func home() -> Answer:
	var variables := {}
	return await query(home_operation(), variables)

## The answer has OfferChainData as its data.
func offer_chain(
	id: String,
) -> Answer:
	var variables := {}
	variables["id"] = id
	return await query(offer_chain_operation(), variables)

## The answer has OrderData as its data.
func order(
	id: String,
) -> Answer:
	var variables := {}
	variables["id"] = id
	return await query(order_operation(), variables)

## `on_event` gets answers with OrderUpdatedData as their data.
func order_updated(
	id: String,
	on_event: Callable,
	on_connected := Callable(),
) -> void:
	var variables := {}
	variables["id"] = id
	await follow(order_updated_operation(), variables, on_event, on_connected)

## The answer has OverviewData as its data.
func overview() -> Answer:
	var variables := {}
	return await query(overview_operation(), variables)

## The answer has RefreshData as its data.
func refresh(
	locale: Variant = null,
) -> Answer:
	var variables := {}
	if locale != null:
		variables["locale"] = locale
	return await query(refresh_operation(), variables)

## The answer has RewardChainsData as its data.
func reward_chains() -> Answer:
	var variables := {}
	return await query(reward_chains_operation(), variables)

## Its settlement has UpdateClanData as its data.
func update_clan() -> Intent:
	var variables := {}
	return want(update_clan_operation(), variables)

## The answer has WaitForOrderData as its data.
func wait_for_order(
	id: String,
	after: Variant = null,
) -> Answer:
	var variables := {}
	variables["id"] = id
	if after != null:
		variables["after"] = ORDER_STATUS_TEXTS.find_key(after)
	return await query(wait_for_order_operation(), variables)

## What the main menu shows about all chains together.
class BadgeViewerBadge:
	## How many steps can be claimed for free now: the number in the red dot.
	var claimable_count: int
	## How many offer chains have a free step to claim.
	var claimable_offer_steps: int
	## How many reward steps are ready to claim.
	var claimable_reward_steps: int
	## How many unfinished chains end within 24 hours.
	var ending_soon_count: int
	## What the player may miss next: the earliest end or restart of an unfinished chain, or the
	## moment at which a daily step that can be claimed is missed; null if there is none.
	var next_expiry: Variant

	func _init(json: Dictionary) -> void:
		claimable_count = int(json.get("claimableCount"))
		claimable_offer_steps = int(json.get("claimableOfferSteps"))
		claimable_reward_steps = int(json.get("claimableRewardSteps"))
		ending_soon_count = int(json.get("endingSoonCount"))
		next_expiry = json.get("nextExpiry")

## The player whose token came with the request, or an anonymous caller.
class BadgeViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## What the main menu shows about all chains: the red dot.
	var badge: BadgeViewerBadge

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		if json.get("badge") is Dictionary:
			badge = BadgeViewerBadge.new(json.get("badge"))

## Every query that a game can send.
class BadgeData:
	## The gateway's time. Count down against it, and not against the device's clock.
	var server_time: String
	## The player whose token came with the request.
	var viewer: BadgeViewer

	func _init(json: Dictionary) -> void:
		server_time = json.get("serverTime")
		viewer = BadgeViewer.new(json.get("viewer"))

## Why something that the player wanted was not done.
class BuyOfferOrderOfferChainStepUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## An order that waits for payment.
class BuyOfferOrderOfferChainStepOrder:
	## The order's id, for reading whether it is paid.
	var id: String
	## The payment page: open it in a browser or a web view. Null if the upstream sent no token:
	## the order is there, and the gateway watches it, but it cannot be paid there.
	var payment_url: Variant
	## Whether paying moves real money.
	var payment_mode: PaymentMode
	## `payment_mode` as it was sent.
	var payment_mode_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		payment_url = json.get("paymentUrl")
		payment_mode = PAYMENT_MODE_TEXTS.get(json.get("paymentMode"), PaymentMode.UNKNOWN)
		payment_mode_text = json.get("paymentMode")

## A chain of offers: each step is free or bought, and opens the next.
class BuyOfferOrderOfferChainStepOfferChain:
	## The chain's id, for reading this chain alone.
	var id: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")

## The result of ordering a paid step.
class BuyOfferOrderOfferChainStep:
	## Why it was not done; empty if it was done.
	var user_errors: Array[BuyOfferOrderOfferChainStepUserErrors]
	## The order to pay; null if the gateway made none.
	var order: BuyOfferOrderOfferChainStepOrder
	## The chain after the mutation, newly read: draw it again.
	var offer_chain: BuyOfferOrderOfferChainStepOfferChain

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(BuyOfferOrderOfferChainStepUserErrors.new(one))
		if json.get("order") is Dictionary:
			order = BuyOfferOrderOfferChainStepOrder.new(json.get("order"))
		if json.get("offerChain") is Dictionary:
			offer_chain = BuyOfferOrderOfferChainStepOfferChain.new(json.get("offerChain"))

## Every mutation that a game can send.
class BuyOfferData:
	## Order a paid step of an offer chain: opens an order that waits for payment at
	## `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after
	## the last makes a new order.
	var order_offer_chain_step: BuyOfferOrderOfferChainStep

	func _init(json: Dictionary) -> void:
		if json.get("orderOfferChainStep") is Dictionary:
			order_offer_chain_step = BuyOfferOrderOfferChainStep.new(json.get("orderOfferChainStep"))

## Why something that the player wanted was not done.
class BuyPointsOrderItemUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## An order that waits for payment.
class BuyPointsOrderItemOrder:
	## The order's id, for reading whether it is paid.
	var id: String
	## The payment page: open it in a browser or a web view. Null if the upstream sent no token:
	## the order is there, and the gateway watches it, but it cannot be paid there.
	var payment_url: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		payment_url = json.get("paymentUrl")

## The result of ordering an item.
class BuyPointsOrderItem:
	## Why it was not done; empty if it was done.
	var user_errors: Array[BuyPointsOrderItemUserErrors]
	## The order to pay; null if the gateway made none.
	var order: BuyPointsOrderItemOrder

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(BuyPointsOrderItemUserErrors.new(one))
		if json.get("order") is Dictionary:
			order = BuyPointsOrderItemOrder.new(json.get("order"))

## Every mutation that a game can send.
class BuyPointsData:
	## Order an item of the catalog, such as one of `RewardChain.earnBy`: opens an order that
	## waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later
	## than 5 seconds after the last makes a new order.
	var order_item: BuyPointsOrderItem

	func _init(json: Dictionary) -> void:
		if json.get("orderItem") is Dictionary:
			order_item = BuyPointsOrderItem.new(json.get("orderItem"))

## What the main menu shows about all chains together.
class ChainsChangedChainsChangedViewerBadge:
	## How many steps can be claimed for free now: the number in the red dot.
	var claimable_count: int

	func _init(json: Dictionary) -> void:
		claimable_count = int(json.get("claimableCount"))

## The player whose token came with the request, or an anonymous caller.
class ChainsChangedChainsChangedViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## What the main menu shows about all chains: the red dot.
	var badge: ChainsChangedChainsChangedViewerBadge

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		if json.get("badge") is Dictionary:
			badge = ChainsChangedChainsChangedViewerBadge.new(json.get("badge"))

## What changed for the player, and the player after the change. Select what the screen
## shows.
class ChainsChangedChainsChanged:
	## The reasons of the change. There are several if more than one thing happened since the
	## last event.
	var reasons: Array[ChangeReason]
	## `reasons` as it was sent.
	var reasons_text: Array
	## The offer chains that changed. If all three lists are empty, any chain may have changed.
	var offer_chain_ids: Array[String]
	## The reward chains that changed. If all three lists are empty, any chain may have changed.
	var reward_chain_ids: Array[String]
	## The daily chains that changed. If all three lists are empty, any chain may have changed.
	var daily_chain_ids: Array[String]
	## The player, read after the change.
	var viewer: ChainsChangedChainsChangedViewer

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("reasons")):
			reasons.append(CHANGE_REASON_TEXTS.get(one, ChangeReason.UNKNOWN))
		reasons_text = LiveOps.list_of(json.get("reasons"))
		for one: Variant in LiveOps.list_of(json.get("offerChainIds")):
			offer_chain_ids.append(one)
		for one: Variant in LiveOps.list_of(json.get("rewardChainIds")):
			reward_chain_ids.append(one)
		for one: Variant in LiveOps.list_of(json.get("dailyChainIds")):
			daily_chain_ids.append(one)
		viewer = ChainsChangedChainsChangedViewer.new(json.get("viewer"))

## Every subscription that a game can start.
class ChainsChangedData:
	## An event whenever the player's chains changed, here or on another device. Several changes
	## within a short time may come as one event.
	var chains_changed: ChainsChangedChainsChanged

	func _init(json: Dictionary) -> void:
		chains_changed = ChainsChangedChainsChanged.new(json.get("chainsChanged"))

## Why something that the player wanted was not done.
class ClaimAllClaimAvailableRewardsUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## Why something that the player wanted was not done.
class ClaimAllClaimAvailableRewardsResultsUserError:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")

## The result for one step when every ready step was claimed.
class ClaimAllClaimAvailableRewardsResults:
	## The id of the `RewardStep` or of the `DailyStep`.
	var step_id: String
	## Whether the step is claimed now.
	var is_claimed: bool
	## Why the step was not claimed; null if it was.
	var user_error: ClaimAllClaimAvailableRewardsResultsUserError

	func _init(json: Dictionary) -> void:
		step_id = json.get("stepId")
		is_claimed = json.get("isClaimed")
		if json.get("userError") is Dictionary:
			user_error = ClaimAllClaimAvailableRewardsResultsUserError.new(json.get("userError"))

## A chain of rewards that value points unlock, for a player or for a whole clan.
class ClaimAllClaimAvailableRewardsRewardChain:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")

## The result of claiming every ready step of a chain.
class ClaimAllClaimAvailableRewards:
	## Why no claim was sent. Errors of single steps are in `results`.
	var user_errors: Array[ClaimAllClaimAvailableRewardsUserErrors]
	## One entry for each step that was ready, in the chain's order.
	var results: Array[ClaimAllClaimAvailableRewardsResults]
	## The chain after the mutation, newly read: draw it again.
	var reward_chain: ClaimAllClaimAvailableRewardsRewardChain

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(ClaimAllClaimAvailableRewardsUserErrors.new(one))
		for one: Variant in LiveOps.list_of(json.get("results")):
			results.append(ClaimAllClaimAvailableRewardsResults.new(one))
		if json.get("rewardChain") is Dictionary:
			reward_chain = ClaimAllClaimAvailableRewardsRewardChain.new(json.get("rewardChain"))

## Every mutation that a game can send.
class ClaimAllData:
	## Claim every step that is ready of a reward chain or of a daily chain, each with its own
	## result.
	var claim_available_rewards: ClaimAllClaimAvailableRewards

	func _init(json: Dictionary) -> void:
		if json.get("claimAvailableRewards") is Dictionary:
			claim_available_rewards = ClaimAllClaimAvailableRewards.new(json.get("claimAvailableRewards"))

## Why something that the player wanted was not done.
class ClaimDailyClaimDailyChainStepUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## One step of a daily chain.
class ClaimDailyClaimDailyChainStepDailyChainSteps:
	## The id for claiming this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## Whether the step is closed, ready to claim or claimed.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")

## A chain of gifts for coming back: its steps open day by day.
class ClaimDailyClaimDailyChainStepDailyChain:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## Seconds to count down until the next step opens; 0 while that is due.
	var seconds_until_next_unlock: Variant
	## All steps in order.
	var steps: Array[ClaimDailyClaimDailyChainStepDailyChainSteps]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		seconds_until_next_unlock = json.get("secondsUntilNextUnlock") if json.get("secondsUntilNextUnlock") == null else int(json.get("secondsUntilNextUnlock"))
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(ClaimDailyClaimDailyChainStepDailyChainSteps.new(one))

## The result of claiming a daily step.
class ClaimDailyClaimDailyChainStep:
	## Why it was not done; empty if it was done.
	var user_errors: Array[ClaimDailyClaimDailyChainStepUserErrors]
	## The chain after the mutation, newly read: draw it again.
	var daily_chain: ClaimDailyClaimDailyChainStepDailyChain

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(ClaimDailyClaimDailyChainStepUserErrors.new(one))
		if json.get("dailyChain") is Dictionary:
			daily_chain = ClaimDailyClaimDailyChainStepDailyChain.new(json.get("dailyChain"))

## Every mutation that a game can send.
class ClaimDailyData:
	## Claim the step of the day of a daily chain. Safe to send again: a step is granted once.
	var claim_daily_chain_step: ClaimDailyClaimDailyChainStep

	func _init(json: Dictionary) -> void:
		if json.get("claimDailyChainStep") is Dictionary:
			claim_daily_chain_step = ClaimDailyClaimDailyChainStep.new(json.get("claimDailyChainStep"))

## Why something that the player wanted was not done.
class ClaimOfferClaimOfferChainStepUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## One step of an offer chain.
class ClaimOfferClaimOfferChainStepOfferChainSteps:
	## The id for claiming or ordering this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## Whether the step is closed, open or taken.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")

## A chain of offers: each step is free or bought, and opens the next.
class ClaimOfferClaimOfferChainStepOfferChain:
	## The chain's id, for reading this chain alone.
	var id: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## All steps in order.
	var steps: Array[ClaimOfferClaimOfferChainStepOfferChainSteps]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(ClaimOfferClaimOfferChainStepOfferChainSteps.new(one))

## The result of claiming a free step.
class ClaimOfferClaimOfferChainStep:
	## Why it was not done; empty if it was done.
	var user_errors: Array[ClaimOfferClaimOfferChainStepUserErrors]
	## The id of the order that granted the item; null if nothing was claimed.
	var order_id: Variant
	## The chain after the mutation, newly read: draw it again.
	var offer_chain: ClaimOfferClaimOfferChainStepOfferChain

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(ClaimOfferClaimOfferChainStepUserErrors.new(one))
		order_id = json.get("orderId")
		if json.get("offerChain") is Dictionary:
			offer_chain = ClaimOfferClaimOfferChainStepOfferChain.new(json.get("offerChain"))

## Every mutation that a game can send.
class ClaimOfferData:
	## Claim a free step of an offer chain. Safe to send again: a step is granted once.
	var claim_offer_chain_step: ClaimOfferClaimOfferChainStep

	func _init(json: Dictionary) -> void:
		if json.get("claimOfferChainStep") is Dictionary:
			claim_offer_chain_step = ClaimOfferClaimOfferChainStep.new(json.get("claimOfferChainStep"))

## Why something that the player wanted was not done.
class ClaimRewardClaimRewardChainStepUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## One step of a reward chain: a number of points and what it gives.
class ClaimRewardClaimRewardChainStepRewardChainSteps:
	## The id for claiming this step.
	var id: String
	## The step's name to show.
	var name: String
	## Whether the step is closed, ready to claim or claimed.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")

## A chain of rewards that value points unlock, for a player or for a whole clan.
class ClaimRewardClaimRewardChainStepRewardChain:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## How many steps are ready to claim: the number in the chain's red dot.
	var claimable_count: int
	## All steps in order.
	var steps: Array[ClaimRewardClaimRewardChainStepRewardChainSteps]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		claimable_count = int(json.get("claimableCount"))
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(ClaimRewardClaimRewardChainStepRewardChainSteps.new(one))

## The result of claiming a reward step.
class ClaimRewardClaimRewardChainStep:
	## Why it was not done; empty if it was done.
	var user_errors: Array[ClaimRewardClaimRewardChainStepUserErrors]
	## The chain after the mutation, newly read: draw it again.
	var reward_chain: ClaimRewardClaimRewardChainStepRewardChain

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(ClaimRewardClaimRewardChainStepUserErrors.new(one))
		if json.get("rewardChain") is Dictionary:
			reward_chain = ClaimRewardClaimRewardChainStepRewardChain.new(json.get("rewardChain"))

## Every mutation that a game can send.
class ClaimRewardData:
	## Claim a reward step for which the player has enough points. Safe to send again: a step is
	## granted once.
	var claim_reward_chain_step: ClaimRewardClaimRewardChainStep

	func _init(json: Dictionary) -> void:
		if json.get("claimRewardChainStep") is Dictionary:
			claim_reward_chain_step = ClaimRewardClaimRewardChainStep.new(json.get("claimRewardChainStep"))

## One kind of item and how many of it.
class DailyChainsViewerDailyChainsStepsItems:
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant
	## How many of the item the player gets.
	var quantity: int

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		quantity = int(json.get("quantity"))

## One step of a daily chain.
class DailyChainsViewerDailyChainsSteps:
	## The id for claiming this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## Whether the step is closed, ready to claim or claimed.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant
	## Whether the day of the step passed without a claim: it stays closed. Show it as missed.
	var is_missed: bool
	## When the step opens, or has opened; null if the upstream does not say.
	var unlocks_at: Variant
	## What the player gets.
	var items: Array[DailyChainsViewerDailyChainsStepsItems]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")
		is_missed = json.get("isMissed")
		unlocks_at = json.get("unlocksAt")
		for one: Variant in LiveOps.list_of(json.get("items")):
			items.append(DailyChainsViewerDailyChainsStepsItems.new(one))

## When a chain runs, and when it starts over. Times left are computed for every response.
class DailyChainsViewerDailyChainsSchedule:
	## The phase that the chain is in: picks the badge on its card.
	var phase: Phase
	## `phase` as it was sent.
	var phase_text: Variant
	## Names the time between two resets that the chain's steps belong to: send it with a claim
	## or an order that may arrive later. Null if the chain does not start over. Every daily
	## chain has one.
	var cycle: Variant

	func _init(json: Dictionary) -> void:
		phase = PHASE_TEXTS.get(json.get("phase"), Phase.UNKNOWN)
		phase_text = json.get("phase")
		cycle = json.get("cycle")

## A chain of gifts for coming back: its steps open day by day.
class DailyChainsViewerDailyChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## How the chain counts its days.
	var type: DailyChainType
	## `type` as it was sent.
	var type_text: Variant
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## When the next step opens that is not open yet; null if none will, or the upstream does not
	## say. The step that can be claimed now is missed then.
	var next_unlock_at: Variant
	## Seconds to count down until the next step opens; 0 while that is due.
	var seconds_until_next_unlock: Variant
	## How many steps are claimed.
	var claimed_count: int
	## All steps in order.
	var steps: Array[DailyChainsViewerDailyChainsSteps]
	## When the chain runs. The upstream does not tell when a daily chain starts over; `cycle`
	## changes when it has.
	var schedule: DailyChainsViewerDailyChainsSchedule

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		type = DAILY_CHAIN_TYPE_TEXTS.get(json.get("type"), DailyChainType.UNKNOWN)
		type_text = json.get("type")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		next_unlock_at = json.get("nextUnlockAt")
		seconds_until_next_unlock = json.get("secondsUntilNextUnlock") if json.get("secondsUntilNextUnlock") == null else int(json.get("secondsUntilNextUnlock"))
		claimed_count = int(json.get("claimedCount"))
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(DailyChainsViewerDailyChainsSteps.new(one))
		schedule = DailyChainsViewerDailyChainsSchedule.new(json.get("schedule"))

## The player whose token came with the request, or an anonymous caller.
class DailyChainsViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## All running daily chains, in the order to show them in.
	var daily_chains: Array[DailyChainsViewerDailyChains]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		for one: Variant in LiveOps.list_of(json.get("dailyChains")):
			daily_chains.append(DailyChainsViewerDailyChains.new(one))

## Every query that a game can send.
class DailyChainsData:
	## The gateway's time. Count down against it, and not against the device's clock.
	var server_time: String
	## The player whose token came with the request.
	var viewer: DailyChainsViewer

	func _init(json: Dictionary) -> void:
		server_time = json.get("serverTime")
		viewer = DailyChainsViewer.new(json.get("viewer"))

## One step of a reward chain: a number of points and what it gives.
class EarnPointsViewerRewardChainsNextStep:
	## The id for claiming this step.
	var id: String
	## The points still missing; 0 when they are reached or the step is claimed.
	var points_missing: int

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		points_missing = int(json.get("pointsMissing"))

## One kind of item and how many of it.
class EarnPointsViewerRewardChainsEarnByItem:
	## The item's key in the game's catalog.
	var sku: String
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant

	func _init(json: Dictionary) -> void:
		sku = json.get("sku")
		name = json.get("name")

## An exact amount of money.
class EarnPointsViewerRewardChainsEarnByPrice:
	## The amount as text with the currency's symbol, as the player's language writes it: `9,99
	## €`. A virtual currency is named by its SKU.
	var display: String

	func _init(json: Dictionary) -> void:
		display = json.get("display")

## An exact amount of money.
class EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount:
	## The amount as text with the currency's symbol, as the player's language writes it: `9,99
	## €`. A virtual currency is named by its SKU.
	var display: String

	func _init(json: Dictionary) -> void:
		display = json.get("display")

## How often something can be bought.
class EarnPointsViewerRewardChainsEarnByLimitsPerPlayer:
	## How often still: for a player without a token, as often as in all.
	var available: Variant

	func _init(json: Dictionary) -> void:
		available = json.get("available") if json.get("available") == null else int(json.get("available"))

## How often an item or a promotion can be bought.
class EarnPointsViewerRewardChainsEarnByLimits:
	## The player's own limit; null if there is none.
	var per_player: EarnPointsViewerRewardChainsEarnByLimitsPerPlayer

	func _init(json: Dictionary) -> void:
		if json.get("perPlayer") is Dictionary:
			per_player = EarnPointsViewerRewardChainsEarnByLimitsPerPlayer.new(json.get("perPlayer"))

## An item that gives points of a chain when it is bought with `orderItem`.
class EarnPointsViewerRewardChainsEarnBy:
	## How many points of the chain one unit gives.
	var points: int
	## Whether `orderItem` takes the item now: it is on sale, and no limit is reached.
	var can_order: bool
	## The item: its picture, its name, and the `sku` to order it by.
	var item: EarnPointsViewerRewardChainsEarnByItem
	## The price in real money. Only purchases in real money give points.
	var price: EarnPointsViewerRewardChainsEarnByPrice
	## The price before the discount, for striking it through; null where there is no discount.
	var price_before_discount: EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount
	## How often the item can be bought; null if there is no limit.
	var limits: EarnPointsViewerRewardChainsEarnByLimits

	func _init(json: Dictionary) -> void:
		points = int(json.get("points"))
		can_order = json.get("canOrder")
		item = EarnPointsViewerRewardChainsEarnByItem.new(json.get("item"))
		if json.get("price") is Dictionary:
			price = EarnPointsViewerRewardChainsEarnByPrice.new(json.get("price"))
		if json.get("priceBeforeDiscount") is Dictionary:
			price_before_discount = EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount.new(json.get("priceBeforeDiscount"))
		if json.get("limits") is Dictionary:
			limits = EarnPointsViewerRewardChainsEarnByLimits.new(json.get("limits"))

## A chain of rewards that value points unlock, for a player or for a whole clan.
class EarnPointsViewerRewardChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## The step to point at: the first one to claim, else the first one not claimed; null if all
	## are claimed.
	var next_step: EarnPointsViewerRewardChainsNextStep
	## The items that give points of this chain when they are bought with `orderItem`, in the
	## store's order: what to offer a player whose `nextAction` is `EARN_POINTS`. May cost
	## upstream calls.
	var earn_by: Array[EarnPointsViewerRewardChainsEarnBy]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		if json.get("nextStep") is Dictionary:
			next_step = EarnPointsViewerRewardChainsNextStep.new(json.get("nextStep"))
		for one: Variant in LiveOps.list_of(json.get("earnBy")):
			earn_by.append(EarnPointsViewerRewardChainsEarnBy.new(one))

## The player whose token came with the request, or an anonymous caller.
class EarnPointsViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## All reward chains, personal and clan, in the order to show them in.
	var reward_chains: Array[EarnPointsViewerRewardChains]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		for one: Variant in LiveOps.list_of(json.get("rewardChains")):
			reward_chains.append(EarnPointsViewerRewardChains.new(one))

## Every query that a game can send.
class EarnPointsData:
	## The player whose token came with the request.
	var viewer: EarnPointsViewer

	func _init(json: Dictionary) -> void:
		viewer = EarnPointsViewer.new(json.get("viewer"))

## What the main menu shows about all chains together.
class HomeViewerBadge:
	## How many steps can be claimed for free now: the number in the red dot.
	var claimable_count: int
	## What the player may miss next: the earliest end or restart of an unfinished chain, or the
	## moment at which a daily step that can be claimed is missed; null if there is none.
	var next_expiry: Variant

	func _init(json: Dictionary) -> void:
		claimable_count = int(json.get("claimableCount"))
		next_expiry = json.get("nextExpiry")

## When a chain runs, and when it starts over. Times left are computed for every response.
class HomeViewerOfferChainsSchedule:
	## The phase that the chain is in: picks the badge on its card.
	var phase: Phase
	## `phase` as it was sent.
	var phase_text: Variant
	## Seconds to count down to the end; 0 when it is over, null when there is no end.
	var seconds_until_end: Variant
	## Seconds to count down until progress starts over; 0 while that is due.
	var seconds_until_reset: Variant
	## Names the time between two resets that the chain's steps belong to: send it with a claim
	## or an order that may arrive later. Null if the chain does not start over. Every daily
	## chain has one.
	var cycle: Variant

	func _init(json: Dictionary) -> void:
		phase = PHASE_TEXTS.get(json.get("phase"), Phase.UNKNOWN)
		phase_text = json.get("phase")
		seconds_until_end = json.get("secondsUntilEnd") if json.get("secondsUntilEnd") == null else int(json.get("secondsUntilEnd"))
		seconds_until_reset = json.get("secondsUntilReset") if json.get("secondsUntilReset") == null else int(json.get("secondsUntilReset"))
		cycle = json.get("cycle")

## An exact amount of money.
class HomeViewerOfferChainsStepsPrice:
	## The amount, exact: never a rounded float. To show it, see `display`.
	var amount: String
	## The currency's ISO 4217 code, or the SKU of a virtual currency.
	var currency: String

	func _init(json: Dictionary) -> void:
		amount = json.get("amount")
		currency = json.get("currency")

## One kind of item and how many of it.
class HomeViewerOfferChainsStepsItems:
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant
	## How many of the item the player gets.
	var quantity: int
	## The item's picture.
	var image_url: Variant

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		quantity = int(json.get("quantity"))
		image_url = json.get("imageUrl")

## Value points that come with a step.
class HomeViewerOfferChainsStepsValuePoints:
	## The points' name to show.
	var name: Variant
	## How many points the step gives.
	var amount: int

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		amount = int(json.get("amount"))

## One step of an offer chain.
class HomeViewerOfferChainsSteps:
	## The id for claiming or ordering this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## Whether the step is closed, open or taken.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant
	## True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.
	var is_free: bool
	## The price to show on a paid step; null on a free one.
	var price: HomeViewerOfferChainsStepsPrice
	## What the player gets; at present always one item.
	var items: Array[HomeViewerOfferChainsStepsItems]
	## Value points that come with the step.
	var value_points: Array[HomeViewerOfferChainsStepsValuePoints]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")
		is_free = json.get("isFree")
		if json.get("price") is Dictionary:
			price = HomeViewerOfferChainsStepsPrice.new(json.get("price"))
		for one: Variant in LiveOps.list_of(json.get("items")):
			items.append(HomeViewerOfferChainsStepsItems.new(one))
		for one: Variant in LiveOps.list_of(json.get("valuePoints")):
			value_points.append(HomeViewerOfferChainsStepsValuePoints.new(one))

## A chain of offers: each step is free or bought, and opens the next.
class HomeViewerOfferChains:
	## The chain's id, for reading this chain alone.
	var id: String
	## The chain's title to show.
	var name: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## Steps taken in whole percent: the progress bar.
	var progress_percent: int
	## When the chain runs, and when it starts over.
	var schedule: HomeViewerOfferChainsSchedule
	## All steps in order.
	var steps: Array[HomeViewerOfferChainsSteps]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		progress_percent = int(json.get("progressPercent"))
		schedule = HomeViewerOfferChainsSchedule.new(json.get("schedule"))
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(HomeViewerOfferChainsSteps.new(one))

## When a chain runs, and when it starts over. Times left are computed for every response.
class HomeViewerRewardChainsSchedule:
	## Names the time between two resets that the chain's steps belong to: send it with a claim
	## or an order that may arrive later. Null if the chain does not start over. Every daily
	## chain has one.
	var cycle: Variant

	func _init(json: Dictionary) -> void:
		cycle = json.get("cycle")

## Value points held by the player, or by the clan.
class HomeViewerRewardChainsBalance:
	## The points' name to show.
	var name: String
	## How many points are held.
	var amount: int

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		amount = int(json.get("amount"))

## One kind of item and how many of it.
class HomeViewerRewardChainsStepsRewards:
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant
	## How many of the item the player gets.
	var quantity: int
	## The item's picture.
	var image_url: Variant

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		quantity = int(json.get("quantity"))
		image_url = json.get("imageUrl")

## One step of a reward chain: a number of points and what it gives.
class HomeViewerRewardChainsSteps:
	## The id for claiming this step.
	var id: String
	## The step's name to show.
	var name: String
	## Whether the step is closed, ready to claim or claimed.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant
	## The points that open the step.
	var points_required: int
	## The points still missing; 0 when they are reached or the step is claimed.
	var points_missing: int
	## What the player gets.
	var rewards: Array[HomeViewerRewardChainsStepsRewards]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")
		points_required = int(json.get("pointsRequired"))
		points_missing = int(json.get("pointsMissing"))
		for one: Variant in LiveOps.list_of(json.get("rewards")):
			rewards.append(HomeViewerRewardChainsStepsRewards.new(one))

## A chain of rewards that value points unlock, for a player or for a whole clan.
class HomeViewerRewardChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## Whether the points of a whole clan count.
	var is_clan: bool
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## How many steps are ready to claim: the number in the chain's red dot.
	var claimable_count: int
	## When the chain runs, and when it starts over.
	var schedule: HomeViewerRewardChainsSchedule
	## The points that count for this chain: the number beside its bar. May cost an upstream
	## call.
	var balance: HomeViewerRewardChainsBalance
	## All steps in order.
	var steps: Array[HomeViewerRewardChainsSteps]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		is_clan = json.get("isClan")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		claimable_count = int(json.get("claimableCount"))
		schedule = HomeViewerRewardChainsSchedule.new(json.get("schedule"))
		if json.get("balance") is Dictionary:
			balance = HomeViewerRewardChainsBalance.new(json.get("balance"))
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(HomeViewerRewardChainsSteps.new(one))

## When a chain runs, and when it starts over. Times left are computed for every response.
class HomeViewerDailyChainsSchedule:
	## Names the time between two resets that the chain's steps belong to: send it with a claim
	## or an order that may arrive later. Null if the chain does not start over. Every daily
	## chain has one.
	var cycle: Variant

	func _init(json: Dictionary) -> void:
		cycle = json.get("cycle")

## One kind of item and how many of it.
class HomeViewerDailyChainsStepsItems:
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant
	## How many of the item the player gets.
	var quantity: int
	## The item's picture.
	var image_url: Variant

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		quantity = int(json.get("quantity"))
		image_url = json.get("imageUrl")

## One step of a daily chain.
class HomeViewerDailyChainsSteps:
	## The id for claiming this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## Whether the step is closed, ready to claim or claimed.
	var state: StepState
	## `state` as it was sent.
	var state_text: Variant
	## Whether the day of the step passed without a claim: it stays closed. Show it as missed.
	var is_missed: bool
	## What the player gets.
	var items: Array[HomeViewerDailyChainsStepsItems]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		state = STEP_STATE_TEXTS.get(json.get("state"), StepState.UNKNOWN)
		state_text = json.get("state")
		is_missed = json.get("isMissed")
		for one: Variant in LiveOps.list_of(json.get("items")):
			items.append(HomeViewerDailyChainsStepsItems.new(one))

## A chain of gifts for coming back: its steps open day by day.
class HomeViewerDailyChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## How the chain counts its days.
	var type: DailyChainType
	## `type` as it was sent.
	var type_text: Variant
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## How many steps are ready to claim: the number in the chain's red dot.
	var claimable_count: int
	## Seconds to count down until the next step opens; 0 while that is due.
	var seconds_until_next_unlock: Variant
	## When the chain runs. The upstream does not tell when a daily chain starts over; `cycle`
	## changes when it has.
	var schedule: HomeViewerDailyChainsSchedule
	## All steps in order.
	var steps: Array[HomeViewerDailyChainsSteps]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		type = DAILY_CHAIN_TYPE_TEXTS.get(json.get("type"), DailyChainType.UNKNOWN)
		type_text = json.get("type")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		claimable_count = int(json.get("claimableCount"))
		seconds_until_next_unlock = json.get("secondsUntilNextUnlock") if json.get("secondsUntilNextUnlock") == null else int(json.get("secondsUntilNextUnlock"))
		schedule = HomeViewerDailyChainsSchedule.new(json.get("schedule"))
		for one: Variant in LiveOps.list_of(json.get("steps")):
			steps.append(HomeViewerDailyChainsSteps.new(one))

## The player whose token came with the request, or an anonymous caller.
class HomeViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## Whether a player's token came with the request. Without one, progress is not shown.
	var is_signed_in: bool
	## What the main menu shows about all chains: the red dot.
	var badge: HomeViewerBadge
	## All running offer chains, in the order to show them in.
	var offer_chains: Array[HomeViewerOfferChains]
	## All reward chains, personal and clan, in the order to show them in.
	var reward_chains: Array[HomeViewerRewardChains]
	## All running daily chains, in the order to show them in.
	var daily_chains: Array[HomeViewerDailyChains]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		is_signed_in = json.get("isSignedIn")
		if json.get("badge") is Dictionary:
			badge = HomeViewerBadge.new(json.get("badge"))
		for one: Variant in LiveOps.list_of(json.get("offerChains")):
			offer_chains.append(HomeViewerOfferChains.new(one))
		for one: Variant in LiveOps.list_of(json.get("rewardChains")):
			reward_chains.append(HomeViewerRewardChains.new(one))
		for one: Variant in LiveOps.list_of(json.get("dailyChains")):
			daily_chains.append(HomeViewerDailyChains.new(one))

## Every query that a game can send.
class HomeData:
	## The gateway's time. Count down against it, and not against the device's clock.
	var server_time: String
	## The player whose token came with the request.
	var viewer: HomeViewer

	func _init(json: Dictionary) -> void:
		server_time = json.get("serverTime")
		viewer = HomeViewer.new(json.get("viewer"))

## An exact amount of money.
class OfferChainViewerOfferChainNextStepPrice:
	## The amount, exact: never a rounded float. To show it, see `display`.
	var amount: String
	## The currency's ISO 4217 code, or the SKU of a virtual currency.
	var currency: String

	func _init(json: Dictionary) -> void:
		amount = json.get("amount")
		currency = json.get("currency")

## One step of an offer chain.
class OfferChainViewerOfferChainNextStep:
	## The id for claiming or ordering this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.
	var is_free: bool
	## The price to show on a paid step; null on a free one.
	var price: OfferChainViewerOfferChainNextStepPrice

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		is_free = json.get("isFree")
		if json.get("price") is Dictionary:
			price = OfferChainViewerOfferChainNextStepPrice.new(json.get("price"))

## A chain of offers: each step is free or bought, and opens the next.
class OfferChainViewerOfferChain:
	## The chain's id, for reading this chain alone.
	var id: String
	## The chain's title to show.
	var name: String
	## A text about the chain to show.
	var description: Variant
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is
	## none.
	var next_step: OfferChainViewerOfferChainNextStep
	## How many steps are taken.
	var claimed_count: int
	## Whether every step is taken: show the chain as done.
	var is_completed: bool

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		description = json.get("description")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		if json.get("nextStep") is Dictionary:
			next_step = OfferChainViewerOfferChainNextStep.new(json.get("nextStep"))
		claimed_count = int(json.get("claimedCount"))
		is_completed = json.get("isCompleted")

## The player whose token came with the request, or an anonymous caller.
class OfferChainViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## One offer chain; null if the player has none with this id.
	var offer_chain: OfferChainViewerOfferChain

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		if json.get("offerChain") is Dictionary:
			offer_chain = OfferChainViewerOfferChain.new(json.get("offerChain"))

## Every query that a game can send.
class OfferChainData:
	## The player whose token came with the request.
	var viewer: OfferChainViewer

	func _init(json: Dictionary) -> void:
		viewer = OfferChainViewer.new(json.get("viewer"))

## An exact amount of money.
class OrderOrderTotal:
	## The amount, exact: never a rounded float. To show it, see `display`.
	var amount: String
	## The currency's ISO 4217 code, or the SKU of a virtual currency.
	var currency: String

	func _init(json: Dictionary) -> void:
		amount = json.get("amount")
		currency = json.get("currency")

## One position of an order.
class OrderOrderItems:
	## The item's key in the game's catalog.
	var sku: String
	## The number of items.
	var quantity: int

	func _init(json: Dictionary) -> void:
		sku = json.get("sku")
		quantity = int(json.get("quantity"))

## An order of the player.
class OrderOrder:
	## The order's id, for reading the order again.
	var id: String
	## The order's status: what to tell the player.
	var status: OrderStatus
	## `status` as it was sent.
	var status_text: Variant
	## Whether the status is final: stop reading the order again.
	var is_terminal: bool
	## What the order costs, in money or in a virtual currency; null if it is free.
	var total: OrderOrderTotal
	## What was ordered.
	var items: Array[OrderOrderItems]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		status = ORDER_STATUS_TEXTS.get(json.get("status"), OrderStatus.UNKNOWN)
		status_text = json.get("status")
		is_terminal = json.get("isTerminal")
		if json.get("total") is Dictionary:
			total = OrderOrderTotal.new(json.get("total"))
		for one: Variant in LiveOps.list_of(json.get("items")):
			items.append(OrderOrderItems.new(one))

## Every query that a game can send.
class OrderData:
	## One of the player's orders; null if they have none with this id.
	var order: OrderOrder

	func _init(json: Dictionary) -> void:
		if json.get("order") is Dictionary:
			order = OrderOrder.new(json.get("order"))

## An order of the player.
class OrderUpdatedOrderUpdated:
	## The order's id, for reading the order again.
	var id: String
	## The order's status: what to tell the player.
	var status: OrderStatus
	## `status` as it was sent.
	var status_text: Variant
	## Whether the status is final: stop reading the order again.
	var is_terminal: bool

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		status = ORDER_STATUS_TEXTS.get(json.get("status"), OrderStatus.UNKNOWN)
		status_text = json.get("status")
		is_terminal = json.get("isTerminal")

## Every subscription that a game can start.
class OrderUpdatedData:
	## An order as it is now, and again whenever it changes. Ends after a final status, and after
	## 10 minutes at most.
	var order_updated: OrderUpdatedOrderUpdated

	func _init(json: Dictionary) -> void:
		order_updated = OrderUpdatedOrderUpdated.new(json.get("orderUpdated"))

## What the main menu shows about all chains together.
class OverviewViewerBadge:
	## How many steps can be claimed for free now: the number in the red dot.
	var claimable_count: int

	func _init(json: Dictionary) -> void:
		claimable_count = int(json.get("claimableCount"))

## An exact amount of money.
class OverviewViewerOfferChainsNextStepPrice:
	## The amount, exact: never a rounded float. To show it, see `display`.
	var amount: String
	## The currency's ISO 4217 code, or the SKU of a virtual currency.
	var currency: String

	func _init(json: Dictionary) -> void:
		amount = json.get("amount")
		currency = json.get("currency")

## One step of an offer chain.
class OverviewViewerOfferChainsNextStep:
	## The id for claiming or ordering this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.
	var is_free: bool
	## The price to show on a paid step; null on a free one.
	var price: OverviewViewerOfferChainsNextStepPrice

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		is_free = json.get("isFree")
		if json.get("price") is Dictionary:
			price = OverviewViewerOfferChainsNextStepPrice.new(json.get("price"))

## A chain of offers: each step is free or bought, and opens the next.
class OverviewViewerOfferChains:
	## The chain's id, for reading this chain alone.
	var id: String
	## The chain's title to show.
	var name: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is
	## none.
	var next_step: OverviewViewerOfferChainsNextStep

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		if json.get("nextStep") is Dictionary:
			next_step = OverviewViewerOfferChainsNextStep.new(json.get("nextStep"))

## Value points held by the player, or by the clan.
class OverviewViewerRewardChainsBalance:
	## How many points are held.
	var amount: int

	func _init(json: Dictionary) -> void:
		amount = int(json.get("amount"))

## One step of a reward chain: a number of points and what it gives.
class OverviewViewerRewardChainsNextStep:
	## The id for claiming this step.
	var id: String
	## The step's name to show.
	var name: String
	## The points that open the step.
	var points_required: int
	## The points still missing; 0 when they are reached or the step is claimed.
	var points_missing: int

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		points_required = int(json.get("pointsRequired"))
		points_missing = int(json.get("pointsMissing"))

## A chain of rewards that value points unlock, for a player or for a whole clan.
class OverviewViewerRewardChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## How many steps are ready to claim: the number in the chain's red dot.
	var claimable_count: int
	## The points that count for this chain: the number beside its bar. May cost an upstream
	## call.
	var balance: OverviewViewerRewardChainsBalance
	## The step to point at: the first one to claim, else the first one not claimed; null if all
	## are claimed.
	var next_step: OverviewViewerRewardChainsNextStep

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		claimable_count = int(json.get("claimableCount"))
		if json.get("balance") is Dictionary:
			balance = OverviewViewerRewardChainsBalance.new(json.get("balance"))
		if json.get("nextStep") is Dictionary:
			next_step = OverviewViewerRewardChainsNextStep.new(json.get("nextStep"))

## One kind of item and how many of it.
class OverviewViewerDailyChainsNextStepItems:
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant
	## How many of the item the player gets.
	var quantity: int

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		quantity = int(json.get("quantity"))

## One step of a daily chain.
class OverviewViewerDailyChainsNextStep:
	## The id for claiming this step.
	var id: String
	## The step's place in the chain, for drawing it.
	var number: int
	## What the player gets.
	var items: Array[OverviewViewerDailyChainsNextStepItems]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		number = int(json.get("number"))
		for one: Variant in LiveOps.list_of(json.get("items")):
			items.append(OverviewViewerDailyChainsNextStepItems.new(one))

## A chain of gifts for coming back: its steps open day by day.
class OverviewViewerDailyChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant
	## How many steps are ready to claim: the number in the chain's red dot.
	var claimable_count: int
	## The step to point at: the one to claim, else the next one to open; null if there is none.
	var next_step: OverviewViewerDailyChainsNextStep

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")
		claimable_count = int(json.get("claimableCount"))
		if json.get("nextStep") is Dictionary:
			next_step = OverviewViewerDailyChainsNextStep.new(json.get("nextStep"))

## The player whose token came with the request, or an anonymous caller.
class OverviewViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## What the main menu shows about all chains: the red dot.
	var badge: OverviewViewerBadge
	## All running offer chains, in the order to show them in.
	var offer_chains: Array[OverviewViewerOfferChains]
	## All reward chains, personal and clan, in the order to show them in.
	var reward_chains: Array[OverviewViewerRewardChains]
	## All running daily chains, in the order to show them in.
	var daily_chains: Array[OverviewViewerDailyChains]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		if json.get("badge") is Dictionary:
			badge = OverviewViewerBadge.new(json.get("badge"))
		for one: Variant in LiveOps.list_of(json.get("offerChains")):
			offer_chains.append(OverviewViewerOfferChains.new(one))
		for one: Variant in LiveOps.list_of(json.get("rewardChains")):
			reward_chains.append(OverviewViewerRewardChains.new(one))
		for one: Variant in LiveOps.list_of(json.get("dailyChains")):
			daily_chains.append(OverviewViewerDailyChains.new(one))

## Every query that a game can send.
class OverviewData:
	## The player whose token came with the request.
	var viewer: OverviewViewer

	func _init(json: Dictionary) -> void:
		viewer = OverviewViewer.new(json.get("viewer"))

## What the token that came with the request says of itself.
class RefreshSession:
	## Seconds until the token ends: get a new one before. Null without a token, and where it
	## does not say.
	var expires_in_seconds: Variant

	func _init(json: Dictionary) -> void:
		expires_in_seconds = json.get("expiresInSeconds") if json.get("expiresInSeconds") == null else int(json.get("expiresInSeconds"))

## What the main menu shows about all chains together.
class RefreshViewerBadge:
	## How many steps can be claimed for free now: the number in the red dot.
	var claimable_count: int
	## Whether it counts copies of chains or points, because the upstream could not be read.
	var is_stale: bool

	func _init(json: Dictionary) -> void:
		claimable_count = int(json.get("claimableCount"))
		is_stale = json.get("isStale")

## A chain of offers: each step is free or bought, and opens the next.
class RefreshViewerOfferChains:
	## The chain's id, for reading this chain alone.
	var id: String
	## The chain's title to show.
	var name: String
	## Whether this is a copy, shown because the upstream could not be read.
	var is_stale: bool
	## How old the copy is; null unless `isStale`.
	var age_seconds: Variant
	## What the player has to do next: the label of the chain's button.
	var next_action: NextAction
	## `next_action` as it was sent.
	var next_action_text: Variant

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		is_stale = json.get("isStale")
		age_seconds = json.get("ageSeconds") if json.get("ageSeconds") == null else int(json.get("ageSeconds"))
		next_action = NEXT_ACTION_TEXTS.get(json.get("nextAction"), NextAction.UNKNOWN)
		next_action_text = json.get("nextAction")

## The player whose token came with the request, or an anonymous caller.
class RefreshViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## The language that texts are asked for in: `locale`, or else the one that `Accept-Language`
	## wants most. The upstream does not tell which it has; null where it chooses.
	var locale_used: Variant
	## What the main menu shows about all chains: the red dot.
	var badge: RefreshViewerBadge
	## All running offer chains, in the order to show them in.
	var offer_chains: Array[RefreshViewerOfferChains]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		locale_used = json.get("localeUsed")
		if json.get("badge") is Dictionary:
			badge = RefreshViewerBadge.new(json.get("badge"))
		for one: Variant in LiveOps.list_of(json.get("offerChains")):
			offer_chains.append(RefreshViewerOfferChains.new(one))

## Every query that a game can send.
class RefreshData:
	## The token that came with the request, as far as it tells. Costs no upstream call.
	var session: RefreshSession
	## The player whose token came with the request.
	var viewer: RefreshViewer

	func _init(json: Dictionary) -> void:
		session = RefreshSession.new(json.get("session"))
		viewer = RefreshViewer.new(json.get("viewer"))

## Value points held by the player, or by the clan.
class RewardChainsViewerRewardChainsBalance:
	## How many points are held.
	var amount: int
	## Whether the points belong to the clan.
	var is_clan: bool

	func _init(json: Dictionary) -> void:
		amount = int(json.get("amount"))
		is_clan = json.get("isClan")

## One step of a reward chain: a number of points and what it gives.
class RewardChainsViewerRewardChainsNextStep:
	## The id for claiming this step.
	var id: String
	## The step's name to show.
	var name: String
	## The points still missing; 0 when they are reached or the step is claimed.
	var points_missing: int

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		points_missing = int(json.get("pointsMissing"))

## A clan member who contributed points.
class RewardChainsViewerRewardChainsTopContributors:
	## The member's name to show.
	var name: String
	## The points that the member contributed.
	var amount: int

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		amount = int(json.get("amount"))

## A hint to show when the player wants to know how a chain works.
class RewardChainsViewerRewardChainsPopup:
	## The hint's heading, in the player's language where there is one.
	var header: Variant
	## The hint's text, in the player's language where there is one.
	var instruction: Variant

	func _init(json: Dictionary) -> void:
		header = json.get("header")
		instruction = json.get("instruction")

## When a chain runs, and when it starts over. Times left are computed for every response.
class RewardChainsViewerRewardChainsSchedule:
	## How often the chain starts over; null if it never does.
	var reset_interval: ResetInterval
	## `reset_interval` as it was sent.
	var reset_interval_text: Variant
	## When progress starts over; null if it never does.
	var resets_at: Variant

	func _init(json: Dictionary) -> void:
		reset_interval = RESET_INTERVAL_TEXTS.get(json.get("resetInterval"), ResetInterval.UNKNOWN)
		reset_interval_text = json.get("resetInterval")
		resets_at = json.get("resetsAt")

## A chain of rewards that value points unlock, for a player or for a whole clan.
class RewardChainsViewerRewardChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## What the game calls a clan; null on a personal chain.
	var clan_type: ClanType
	## `clan_type` as it was sent.
	var clan_type_text: Variant
	## The points that count for this chain: the number beside its bar. May cost an upstream
	## call.
	var balance: RewardChainsViewerRewardChainsBalance
	## The step to point at: the first one to claim, else the first one not claimed; null if all
	## are claimed.
	var next_step: RewardChainsViewerRewardChainsNextStep
	## The ten clan members, or fewer, who contributed most points; empty on a personal chain,
	## and for a player without a clan. Costs an upstream call.
	var top_contributors: Array[RewardChainsViewerRewardChainsTopContributors]
	## A hint about how the chain works; null if there is none.
	var popup: RewardChainsViewerRewardChainsPopup
	## When the chain runs, and when it starts over.
	var schedule: RewardChainsViewerRewardChainsSchedule

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		clan_type = CLAN_TYPE_TEXTS.get(json.get("clanType"), ClanType.UNKNOWN)
		clan_type_text = json.get("clanType")
		if json.get("balance") is Dictionary:
			balance = RewardChainsViewerRewardChainsBalance.new(json.get("balance"))
		if json.get("nextStep") is Dictionary:
			next_step = RewardChainsViewerRewardChainsNextStep.new(json.get("nextStep"))
		for one: Variant in LiveOps.list_of(json.get("topContributors")):
			top_contributors.append(RewardChainsViewerRewardChainsTopContributors.new(one))
		if json.get("popup") is Dictionary:
			popup = RewardChainsViewerRewardChainsPopup.new(json.get("popup"))
		schedule = RewardChainsViewerRewardChainsSchedule.new(json.get("schedule"))

## The player whose token came with the request, or an anonymous caller.
class RewardChainsViewer:
	## Tells players apart in the caches of clients, and is taken nowhere. It stays the same when
	## a token is renewed, as far as tokens name their player; all anonymous callers share one.
	var id: String
	## All reward chains, personal and clan, in the order to show them in.
	var reward_chains: Array[RewardChainsViewerRewardChains]

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		for one: Variant in LiveOps.list_of(json.get("rewardChains")):
			reward_chains.append(RewardChainsViewerRewardChains.new(one))

## Every query that a game can send.
class RewardChainsData:
	## The player whose token came with the request.
	var viewer: RewardChainsViewer

	func _init(json: Dictionary) -> void:
		viewer = RewardChainsViewer.new(json.get("viewer"))

## Why something that the player wanted was not done.
class UpdateClanUpdateClanUserErrors:
	## The reason, for the game's own text.
	var code: UserErrorCode
	## `code` as it was sent.
	var code_text: Variant
	## The reason in English, for developers; with the upstream's own words where GraphiQL is on.
	var message: String

	func _init(json: Dictionary) -> void:
		code = USER_ERROR_CODE_TEXTS.get(json.get("code"), UserErrorCode.UNKNOWN)
		code_text = json.get("code")
		message = json.get("message")

## One kind of item and how many of it.
class UpdateClanUpdateClanRewards:
	## The item's name to show, in the player's language where the upstream has it.
	var name: Variant
	## How many of the item the player gets.
	var quantity: int

	func _init(json: Dictionary) -> void:
		name = json.get("name")
		quantity = int(json.get("quantity"))

## Value points held by the player, or by the clan.
class UpdateClanUpdateClanRewardChainsBalance:
	## How many points are held.
	var amount: int

	func _init(json: Dictionary) -> void:
		amount = int(json.get("amount"))

## A chain of rewards that value points unlock, for a player or for a whole clan.
class UpdateClanUpdateClanRewardChains:
	## The chain's id, for reading this chain alone and for claiming all its ready steps.
	var id: String
	## The chain's title to show.
	var name: String
	## Whether the points of a whole clan count.
	var is_clan: bool
	## The points that count for this chain: the number beside its bar. May cost an upstream
	## call.
	var balance: UpdateClanUpdateClanRewardChainsBalance

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		name = json.get("name")
		is_clan = json.get("isClan")
		if json.get("balance") is Dictionary:
			balance = UpdateClanUpdateClanRewardChainsBalance.new(json.get("balance"))

## The result of a change of clan.
class UpdateClanUpdateClan:
	## Why it was not done; empty if it was done.
	var user_errors: Array[UpdateClanUpdateClanUserErrors]
	## The items that were unclaimed in the former clan and are granted now: show them.
	var rewards: Array[UpdateClanUpdateClanRewards]
	## The reward chains after the mutation, newly read: draw them again.
	var reward_chains: Array[UpdateClanUpdateClanRewardChains]

	func _init(json: Dictionary) -> void:
		for one: Variant in LiveOps.list_of(json.get("userErrors")):
			user_errors.append(UpdateClanUpdateClanUserErrors.new(one))
		for one: Variant in LiveOps.list_of(json.get("rewards")):
			rewards.append(UpdateClanUpdateClanRewards.new(one))
		for one: Variant in LiveOps.list_of(json.get("rewardChains")):
			reward_chains.append(UpdateClanUpdateClanRewardChains.new(one))

## Every mutation that a game can send.
class UpdateClanData:
	## Adopt the player's present clan, and grant what was unclaimed in the former one. Send this
	## after the player joined, changed or left a clan.
	var update_clan: UpdateClanUpdateClan

	func _init(json: Dictionary) -> void:
		if json.get("updateClan") is Dictionary:
			update_clan = UpdateClanUpdateClan.new(json.get("updateClan"))

## An order of the player.
class WaitForOrderWaitForOrder:
	## The order's id, for reading the order again.
	var id: String
	## The order's status: what to tell the player.
	var status: OrderStatus
	## `status` as it was sent.
	var status_text: Variant
	## Whether the status is final: stop reading the order again.
	var is_terminal: bool

	func _init(json: Dictionary) -> void:
		id = json.get("id")
		status = ORDER_STATUS_TEXTS.get(json.get("status"), OrderStatus.UNKNOWN)
		status_text = json.get("status")
		is_terminal = json.get("isTerminal")

## Every query that a game can send.
class WaitForOrderData:
	## One of the player's orders, as soon as its status changes or the time is over: query again
	## until it is `isTerminal`. For games that cannot subscribe. Null if the player has none
	## with this id.
	var wait_for_order: WaitForOrderWaitForOrder

	func _init(json: Dictionary) -> void:
		if json.get("waitForOrder") is Dictionary:
			wait_for_order = WaitForOrderWaitForOrder.new(json.get("waitForOrder"))
