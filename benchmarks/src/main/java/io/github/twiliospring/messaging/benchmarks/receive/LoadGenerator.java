package io.github.twiliospring.messaging.benchmarks.receive;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import org.HdrHistogram.Histogram;

/**
 * Posts signed status updates over a fixed number of connections, either as fast as they
 * are answered, or at a constant rate whether they are answered or not. All of it happens
 * on one thread, and requests are encoded and signed beforehand, so that little of the
 * machine is taken from the server.
 */
final class LoadGenerator implements AutoCloseable {

	private static final int NO_CONTENT = 204;

	private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final RequestSigner signer = new RequestSigner(Fixtures.AUTH_TOKEN);

	private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
			Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

	private final EventLoop loop = this.group.next();

	private long nextMessage;

	/**
	 * What came of a run.
	 *
	 * @param requests how many were answered
	 * @param nanos from the first to the last answer
	 * @param latencies nanoseconds from the time at which a request was due, not sent
	 */
	record Result(long requests, long nanos, Histogram latencies) {

		double rate() {
			return this.requests * 1e9 / this.nanos;
		}

	}

	/**
	 * Posts as fast as they are answered.
	 * @param port where
	 * @param connections how many connections
	 * @param requests how many requests
	 * @return what came of it
	 */
	Result saturate(int port, int connections, int requests) {
		return run(port, connections, requests, 0);
	}

	/**
	 * Posts at a constant rate.
	 * @param port where
	 * @param connections how many connections
	 * @param requests how many requests
	 * @param rate requests in a second
	 * @return what came of it
	 */
	Result atRate(int port, int connections, int requests, double rate) {
		return run(port, connections, requests, (long) (1e9 / rate));
	}

	private Result run(int port, int connections, int requests, long interval) {
		Run run = new Run(encode(requests), interval);
		try {
			for (int i = 0; i < connections; i++) {
				run.idle.add(connect(port, run));
			}
			this.loop.execute(run::begin);
			return run.result.join();
		}
		finally {
			run.close();
		}
	}

	private Channel connect(int port, Run run) {
		return new Bootstrap().group(this.group)
			.channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
			.handler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new HttpResponseDecoder(), run.new Answers());
				}

			})
			.connect(new InetSocketAddress("127.0.0.1", port))
			.syncUninterruptibly()
			.channel();
	}

	private byte[][] encode(int requests) {
		byte[][] encoded = new byte[requests][];
		for (int i = 0; i < requests; i++) {
			long number = this.nextMessage++;
			Map<String, String> report = Fixtures.report(number);
			String query = Fixtures.query(number);
			String form = Fixtures.form(report);
			String signature = this.signer.sign(Fixtures.PUBLIC_URL + Fixtures.STATUS_PATH + "?" + query,
					Fixtures.listed(report));
			encoded[i] = ("POST " + Fixtures.STATUS_PATH + "?" + query + " HTTP/1.1\r\nHost: shop.example.com\r\n"
					+ "User-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
					+ "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n" + "Content-Length: "
					+ form.length() + "\r\nX-Twilio-Signature: " + signature
					+ "\r\nI-Twilio-Idempotency-Token: 8b6d0ea3-7c4f-4b3c-9b0a-0c5f3f0e9a11\r\n\r\n" + form)
				.getBytes(StandardCharsets.US_ASCII);
		}
		return encoded;
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * A run; all of its state belongs to the event loop's thread.
	 */
	private final class Run {

		private final byte[][] requests;

		private final long interval;

		private final Deque<Channel> idle = new ArrayDeque<>();

		private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);

		private final CompletableFuture<Result> result = new CompletableFuture<>();

		private long start;

		private int begun;

		private int answered;

		Run(byte[][] requests, long interval) {
			this.requests = requests;
			this.interval = interval;
		}

		void begin() {
			this.start = System.nanoTime();
			advance();
		}

		private long dueAt(int request) {
			return this.start + request * this.interval;
		}

		// Sends what is due as long as a connection is idle; what waits for one counts
		// from
		// when it was due.
		private void advance() {
			long now = System.nanoTime();
			while (!this.idle.isEmpty() && this.begun < this.requests.length && dueAt(this.begun) - now <= 0) {
				send(this.idle.removeFirst(), (this.interval != 0) ? dueAt(this.begun) : now);
			}
			if (this.interval != 0 && !this.idle.isEmpty() && this.begun < this.requests.length) {
				LoadGenerator.this.loop.schedule(this::advance, Math.max(0, dueAt(this.begun) - now),
						TimeUnit.NANOSECONDS);
			}
		}

		private void send(Channel channel, long due) {
			channel.pipeline().get(Answers.class).due = due;
			channel.writeAndFlush(Unpooled.wrappedBuffer(this.requests[this.begun++]));
		}

		private void answered(Channel channel, long due) {
			long now = System.nanoTime();
			this.latencies.recordValue(Math.min(now - due, LONGEST_NANOS));
			boolean allWereBusy = this.idle.isEmpty();
			this.idle.addLast(channel);
			if (++this.answered == this.requests.length) {
				this.result.complete(new Result(this.answered, now - this.start, this.latencies));
			}
			else if (allWereBusy) {
				// Otherwise the timer is running.
				advance();
			}
		}

		private void fail(String problem) {
			this.result.completeExceptionally(new IllegalStateException(problem));
		}

		void close() {
			LoadGenerator.this.loop.submit(() -> this.idle.forEach(Channel::close)).syncUninterruptibly();
		}

		/**
		 * The answers on one connection.
		 */
		private final class Answers extends SimpleChannelInboundHandler<HttpObject> {

			private long due;

			@Override
			protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
				if (part instanceof HttpResponse response && response.status().code() != NO_CONTENT) {
					fail("Answered with " + response.status());
				}
				if (part instanceof LastHttpContent) {
					answered(context.channel(), this.due);
				}
			}

			@Override
			public void channelInactive(ChannelHandlerContext context) {
				fail("A connection was closed");
			}

			@Override
			public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
				fail(failure.toString());
			}

		}

	}

}
