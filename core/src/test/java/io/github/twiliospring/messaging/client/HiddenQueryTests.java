package io.github.twiliospring.messaging.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.TestTemplates;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.MessageQuery;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * That a query which nothing on the way may see arrives all the same, once and nowhere
 * else.
 */
class HiddenQueryTests {

	private static final String SM = "SM0123456789abcdef0123456789abcdef";

	private static final String LIST = "GET /2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID
			+ "/Messages.json?PageSize=50&To=%2B15558675310 HTTP/1.1";

	private static final String FETCH = "GET /2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID + "/Messages/" + SM
			+ ".json HTTP/1.1";

	private static final MessageQuery QUERY = MessageQuery.query().to("+15558675310");

	private static final String EMPTY_PAGE = "{\"messages\":[],\"next_page_uri\":null}";

	private final Queue<String> requests = new ConcurrentLinkedQueue<>();

	@Test
	void leavesNothingBehindOnAConnectionThatIsUsedAgain() throws Exception {
		try (RawServer server = new RawServer((exchange) -> exchange.answer(200,
				read(exchange).contains(SM) ? "{\"sid\":\"" + SM + "\"}" : EMPTY_PAGE))) {
			MessagingTemplate template = template(server.url(), HttpClient.create(ConnectionProvider.create("one", 1)));
			template.list(QUERY).blockLast();
			template.fetch(SM).block();
			template.list(QUERY).blockLast();
			assertThat(server.connections()).isOne();
		}
		assertThat(this.requests).containsExactly(LIST, FETCH, LIST);
	}

	@Test
	void goesAlongWhenReactorNettyRepeatsARequestOverANewConnection() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			String request = read(exchange);
			if (this.requests.size() == 2) {
				return exchange.reset();
			}
			return exchange.answer(200, request.contains(SM) ? "{\"sid\":\"" + SM + "\"}" : EMPTY_PAGE);
		})) {
			MessagingTemplate template = template(server.url(), HttpClient.create(ConnectionProvider.create("one", 1)));
			template.fetch(SM).block();
			template.list(QUERY).blockLast();
			assertThat(server.connections()).isEqualTo(2);
		}
		assertThat(this.requests).containsExactly(FETCH, LIST, LIST);
	}

	@Test
	void isNotAddedToTheUrlThatAServerRedirectsTo() throws Exception {
		try (RawServer target = new RawServer((exchange) -> {
			read(exchange);
			return exchange.answer(200, EMPTY_PAGE);
		}); RawServer server = new RawServer((exchange) -> {
			read(exchange);
			return exchange.answer(302, "", "Location: " + target.url() + "/elsewhere");
		})) {
			MessagingTemplate template = template(server.url(), HttpClient.create().followRedirect(true));
			template.list(QUERY).blockLast();
		}
		assertThat(this.requests).containsExactly(LIST, "GET /elsewhere HTTP/1.1");
	}

	@Test
	void arrivesOverHttp2() {
		DisposableServer server = HttpServer.create().port(0).protocol(HttpProtocol.H2C).handle((request, response) -> {
			this.requests.add(request.method() + " " + request.uri() + " " + request.protocol());
			return response.header("Content-Type", "application/json").sendString(Mono.just(EMPTY_PAGE));
		}).bindNow();
		try {
			MessagingTemplate template = template("http://127.0.0.1:" + server.port(),
					HttpClient.create().protocol(HttpProtocol.H2C));
			template.list(QUERY).blockLast();
			template.list(QUERY).blockLast();
		}
		finally {
			server.disposeNow();
		}
		String list = LIST.replace("HTTP/1.1", "HTTP/2.0");
		assertThat(this.requests).containsExactly(list, list);
	}

	@Test
	void followsTheQueryThatAFilterAdds() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			read(exchange);
			return exchange.answer(200, EMPTY_PAGE);
		})) {
			filtered(server.url(), "?tenant=7").list(QUERY).blockLast();
		}
		assertThat(this.requests).containsExactly(LIST.replace("?", "?tenant=7&"));
	}

	@Test
	void isNotSentToAnotherPathOfAFiltersChoosing() throws Exception {
		try (RawServer server = new RawServer((exchange) -> exchange.answer(200, EMPTY_PAGE))) {
			assertThatExceptionOfType(MessagingUnavailableException.class)
				.isThrownBy(() -> filtered(server.url(), "/other").list(QUERY).blockLast())
				.havingCause()
				.withMessageContaining("filters may change scheme, host and what stands before the path");
			assertThat(server.requests()).isZero();
		}
	}

	private static MessagingTemplate filtered(String url, String added) {
		ExchangeFilterFunction filter = (request, next) -> next
			.exchange(ClientRequest.from(request).url(URI.create(request.url() + added)).build());
		return TestTemplates.at(url).webClient(WebClient.builder().filter(filter)).build();
	}

	private static MessagingTemplate template(String url, HttpClient client) {
		return TestTemplates.at(url)
			.connector(new ReactorClientHttpConnector(client.responseTimeout(Duration.ofSeconds(5))))
			.build();
	}

	private String read(RawServer.Exchange exchange) throws IOException {
		String request = exchange.read().lines().findFirst().orElseThrow();
		this.requests.add(request);
		return request;
	}

}
