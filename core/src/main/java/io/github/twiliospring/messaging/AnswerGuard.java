package io.github.twiliospring.messaging;

import java.util.concurrent.RejectedExecutionException;

import io.github.twiliospring.messaging.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/**
 * Sees to it that the answer on a connection of Reactor Netty's belongs to its question.
 * HTTP says nothing about whose answer arrives, so requests out and answers in are
 * counted: an interim answer (1xx, RFC 9110 section 15.2) is read past, and a connection
 * on which anything else arrives than the one answer that's owed isn't used again. Stays
 * in the pipeline, right behind the codec, for as long as the connection lives; used on
 * its event loop alone, but for {@link #distrust()}.
 */
final class AnswerGuard extends ChannelDuplexHandler implements Attempt.Peer {

	private static final String NAME = "twilio.answerGuard";

	private final Channel channel;

	private boolean owed;

	// How much of the beginning of an answer has been seen since the request.
	private int begun;

	private boolean interim;

	private boolean answering;

	// Whether the codec kept bytes of an earlier read: it joins the next to them, and
	// what
	// it leaves of those isn't seen.
	private boolean carried;

	// The end of an answer waits for the end of what was read: whatever comes with it was
	// not asked for, and the pool may give the connection on within the same read.
	private @Nullable Object end;

	private final RecentSends recent = new RecentSends();

	private AnswerGuard(Channel channel) {
		this.channel = channel;
	}

	/**
	 * The guard of a connection, installed where it's new.
	 */
	static AnswerGuard of(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NAME) instanceof AnswerGuard present) {
			return present;
		}
		AnswerGuard guard = new AnswerGuard(channel);
		if (pipeline.get(NettyPipeline.HttpCodec) != null) {
			pipeline.addAfter(NettyPipeline.HttpCodec, NAME, guard);
			pipeline.addBefore(NettyPipeline.HttpCodec, NAME + ".bytes", guard.new Bytes());
		}
		else if (pipeline.get(NettyPipeline.H2ToHttp11Codec) != null) {
			// A stream of HTTP/2 has one answer only; it's the interim ones that matter.
			pipeline.addAfter(NettyPipeline.H2ToHttp11Codec, NAME, guard);
		}
		return guard;
	}

	/**
	 * Whether a request may be written: no answer is owed to another.
	 */
	boolean isIdle() {
		return !this.owed && this.channel.isActive();
	}

	/**
	 * Closes the connection, whoever uses it by now. May be called on any thread.
	 */
	@Override
	public void distrust() {
		this.channel.close();
	}

	/**
	 * Does something in turn with what arrives.
	 */
	void execute(Runnable task) {
		try {
			this.channel.eventLoop().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// It has ended, and all of its connections.
			task.run();
		}
	}

	@Override
	public void asked(String text) {
		this.recent.asked(text);
	}

	@Override
	public boolean isOfEarlierSend(Message answer, String text) {
		return this.recent.isOfEarlierSend(answer, text);
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpRequest) {
			this.owed = true;
			this.begun = 0;
			this.carried = false;
		}
		context.write(message, promise);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpObject part) {
			silence(part);
		}
		if (message instanceof HttpResponse response) {
			if (!this.owed || this.answering) {
				refuse(message);
				return;
			}
			this.interim = isInterim(response);
			this.answering = !this.interim;
			if (isLast(response)) {
				retire();
			}
		}
		if (this.interim) {
			this.interim = !(message instanceof LastHttpContent);
			ReferenceCountUtil.release(message);
			// The one read that was asked for was spent on it.
			context.read();
		}
		else if (!this.answering || this.end != null) {
			refuse(message);
		}
		else if (message instanceof LastHttpContent last) {
			this.end = message;
			if (this.carried || last.decoderResult().isFailure()) {
				retire();
			}
		}
		else {
			context.fireChannelRead(message);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		finish(context);
		context.fireChannelReadComplete();
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		finish(context);
		context.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		finish(context);
	}

	private void finish(ChannelHandlerContext context) {
		Object last = this.end;
		if (last != null) {
			// First of all: the next request may be written before this returns.
			this.end = null;
			this.answering = false;
			this.owed = false;
			context.fireChannelRead(last);
		}
	}

	// Others log reason phrases, and what a decoder says of an answer that's no HTTP.
	private static void silence(HttpObject part) {
		if (part.decoderResult().isFailure()) {
			part.setDecoderResult(DecoderResult.failure(NamedFailure.of(part.decoderResult().cause())));
		}
		if (part instanceof HttpResponse response) {
			response.setStatus(HttpResponseStatus.valueOf(response.status().code()));
		}
	}

	private void refuse(Object message) {
		ReferenceCountUtil.release(message);
		if (this.end != null) {
			retire();
		}
		else {
			distrust();
		}
	}

	// Lets an answer end, and the connection with it.
	private void retire() {
		Connection.from(this.channel).markPersistent(false);
	}

	// A 408 may have been on its way before the request was (RFC 9110, section 15.5.9). A
	// server that failed, or somebody in its place, may still answer, and the body that a
	// 204 announces may still come, though it has none (section 15.3.5).
	private static boolean isLast(HttpResponse response) {
		HttpResponseStatus status = response.status();
		return response.decoderResult().isFailure() || HttpResponseStatus.SWITCHING_PROTOCOLS.equals(status)
				|| HttpResponseStatus.REQUEST_TIMEOUT.equals(status)
				|| status.codeClass() == HttpStatusClass.SERVER_ERROR
				|| (HttpResponseStatus.NO_CONTENT.equals(status) && HttpUtil.getContentLength(response, 0L) != 0);
	}

	private static boolean isInterim(HttpResponse response) {
		return response.status().codeClass() == HttpStatusClass.INFORMATIONAL
				&& !HttpResponseStatus.SWITCHING_PROTOCOLS.equals(response.status())
				&& !response.decoderResult().isFailure();
	}

	/**
	 * Stands before the codec, which would keep half an answer to itself.
	 */
	private final class Bytes extends ChannelInboundHandlerAdapter {

		private static final String BEGINNING = "HTTP/";

		// The first bytes after a request begin an answer. Otherwise the codec would join
		// them to what it kept of something unasked.
		private boolean begins(ByteBuf bytes) {
			for (int i = bytes.readerIndex(); i < bytes.writerIndex()
					&& AnswerGuard.this.begun < BEGINNING.length(); i++) {
				byte next = bytes.getByte(i);
				if (AnswerGuard.this.begun == 0 && next <= ' ') {
					continue;
				}
				if (next != BEGINNING.charAt(AnswerGuard.this.begun)) {
					return false;
				}
				AnswerGuard.this.begun++;
			}
			return true;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (!AnswerGuard.this.owed || !(message instanceof ByteBuf bytes) || !begins(bytes)) {
				refuse(message);
				return;
			}
			bytes.retain();
			try {
				context.fireChannelRead(message);
				if (AnswerGuard.this.end != null && bytes.isReadable()) {
					retire();
				}
				AnswerGuard.this.carried |= bytes.isReadable();
			}
			finally {
				bytes.release();
			}
		}

	}

}
