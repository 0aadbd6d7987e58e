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
